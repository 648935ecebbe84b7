using WebRtcCore.Primitives;
using WebRtcCore.Rtp;

namespace WebRtcCore;

/// <summary>
/// Packets on their way from the loop to whoever decodes them, so that the loop never waits for a decoder. Bounded; the oldest go. In steady state nothing is
/// allocated.
/// </summary>
internal sealed class AudioPacketQueue
{
    /// <summary>The most packets that wait: 4 s of 20 ms.</summary>
    public const int Capacity = 200;

    private readonly Lock _gate = new();
    private readonly Item[] _items = new Item[Capacity];
    private int _first;
    private int _count;

    /// <summary>Packets lost because nobody took them.</summary>
    public long Dropped { get; private set; }

    public void Add(in RtpReceived received, Instant now)
    {
        var payload = received.Packet.Payload;
        lock (_gate)
        {
            if (_count == Capacity)
            {
                _first = (_first + 1) % Capacity;
                _count--;
                Dropped++;
            }

            ref var item = ref _items[(_first + _count) % Capacity];
            _count++;
            if (item.Bytes is null || item.Bytes.Length < payload.Length)
            {
                item.Bytes = new byte[Math.Max(256, payload.Length)];
            }

            payload.CopyTo(item.Bytes);
            item.Length = payload.Length;
            item.PayloadType = received.Packet.PayloadType.Value;
            item.TimestampTicks = received.Packet.TimestampTicks;
            item.Number = received.ExtendedSequenceNumber;
            item.Ssrc = received.Stream.Ssrc;
            item.Arrival = now;
        }
    }

    /// <summary>Takes the oldest packet; its bytes are swapped with <paramref name="item"/>'s, which come back with a later packet.</summary>
    public bool TryTake(ref Item item)
    {
        lock (_gate)
        {
            if (_count == 0)
            {
                return false;
            }

            var bytes = item.Bytes;
            item = _items[_first];
            _items[_first].Bytes = bytes;
            _first = (_first + 1) % Capacity;
            _count--;
            return true;
        }
    }

    /// <summary>One packet.</summary>
    internal record struct Item
    {
        public byte[]? Bytes { get; set; }

        public int Length { get; set; }

        public byte PayloadType { get; set; }

        public uint TimestampTicks { get; set; }

        public long Number { get; set; }

        public Ssrc Ssrc { get; set; }

        public Instant Arrival { get; set; }

        public readonly ReadOnlySpan<byte> Payload => Bytes.AsSpan(0, Length);
    }
}
