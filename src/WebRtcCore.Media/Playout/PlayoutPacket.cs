using WebRtcCore.Primitives;

namespace WebRtcCore.Media.Playout;

/// <summary>A packet that waits to be decoded. Its bytes are kept from packet to packet.</summary>
internal sealed class PlayoutPacket
{
    private byte[] _bytes = [];
    private int _length;

    /// <summary>Its sequence number without wrap-around.</summary>
    public long Number { get; private set; }

    /// <summary>Its timestamp without wrap-around, in ticks of the decoder's clock.</summary>
    public long Timestamp { get; private set; }

    /// <summary>What decodes it.</summary>
    public PlayoutDecoder Decoder { get; private set; } = null!;

    /// <summary>When it arrived.</summary>
    public Instant Arrival { get; private set; }

    /// <summary>How long it sounds, in samples per channel at the rate played.</summary>
    public int Duration { get; private set; }

    public ReadOnlySpan<byte> Payload => _bytes.AsSpan(0, _length);

    public void Set(long number, long timestamp, PlayoutDecoder decoder, ReadOnlySpan<byte> payload, int duration, Instant arrival)
    {
        if (_bytes.Length < payload.Length)
        {
            _bytes = new byte[Math.Max(256, payload.Length)];
        }

        payload.CopyTo(_bytes);
        _length = payload.Length;
        Number = number;
        Timestamp = timestamp;
        Decoder = decoder;
        Duration = duration;
        Arrival = arrival;
    }
}
