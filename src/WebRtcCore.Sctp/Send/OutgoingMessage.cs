using System.Buffers;
using WebRtcCore.Primitives;
using WebRtcCore.Sctp.Packets;

namespace WebRtcCore.Sctp.Send;

/// <summary>A message on its way out: cut into fragments lazily, kept until every fragment is acknowledged. Objects are used again.</summary>
internal sealed class OutgoingMessage
{
    private byte[]? _rented;
    private PooledBuffer? _given;
    private ReadOnlyMemory<byte> _bytes;

    /// <summary>The next message of its stream, or of the pool.</summary>
    public OutgoingMessage? Following { get; set; }

    public OutgoingStream Stream { get; private set; } = null!;

    public uint PayloadProtocolId { get; private set; }

    public bool IsUnordered { get; private set; }

    /// <summary>Whether the stream's buffered amount counts it.</summary>
    public bool IsCounted { get; private set; }

    /// <summary>How often a fragment may be sent again.</summary>
    public int MaxRetransmissions { get; private set; }

    /// <summary>When the message is no longer worth sending.</summary>
    public Instant? ExpiresAt { get; private set; }

    /// <summary>The number of the message in its stream, ordered and unordered ones apart; given when the first fragment is cut.</summary>
    public uint MessageId { get; set; }

    /// <summary>The number as DATA has it: 16 bits, 0 if unordered.</summary>
    public ushort StreamSequenceNumber => IsUnordered ? (ushort)0 : (ushort)MessageId;

    /// <summary>Fragments sent so far: the number of the next one.</summary>
    public uint FragmentCount { get; set; }

    /// <summary>The TSN of its first fragment; others may lie between it and <see cref="LastTsn"/>.</summary>
    public Tsn FirstTsn { get; set; }

    /// <summary>The TSN of the last fragment sent.</summary>
    public Tsn LastTsn { get; set; }

    /// <summary>Whether it counts as begun and not ended where messages are interleaved.</summary>
    public bool IsHalfSent { get; set; }

    public int Length { get; private set; }

    /// <summary>Bytes that are in fragments already.</summary>
    public int Cut { get; set; }

    /// <summary>Fragments not yet acknowledged cumulatively.</summary>
    public int OutstandingFragments { get; set; }

    /// <summary>Whether it has been given up.</summary>
    public bool IsAbandoned { get; set; }

    /// <summary>Whether every byte is in a fragment.</summary>
    public bool IsFullyCut => Cut == Length;

    /// <summary>Whether it may be given up at all.</summary>
    public bool IsPartiallyReliable => MaxRetransmissions != int.MaxValue || ExpiresAt is not null;

    /// <summary>The bytes of a fragment.</summary>
    public ReadOnlySpan<byte> GetBytes(int offset, int length) => _bytes.Span.Slice(offset, length);

    /// <summary>Fills the object with a copy of <paramref name="bytes"/>.</summary>
    public void Set(OutgoingStream stream, in SctpSendParameters parameters, ReadOnlySpan<byte> bytes, Instant now)
    {
        _rented = ArrayPool<byte>.Shared.Rent(bytes.Length);
        bytes.CopyTo(_rented);
        _bytes = _rented.AsMemory(0, bytes.Length);
        Describe(stream, parameters, now);
    }

    /// <summary>Fills the object with a buffer that is given.</summary>
    public void Set(OutgoingStream stream, in SctpSendParameters parameters, PooledBuffer given, Instant now)
    {
        _given = given;
        _bytes = given.Memory;
        Describe(stream, parameters, now);
    }

    /// <summary>Whether its lifetime is over.</summary>
    public bool IsExpired(Instant now) => ExpiresAt is { } expiry && expiry <= now;

    /// <summary>Whether its reliability forbids to send a fragment of it once more that was sent <paramref name="transmissions"/> times.</summary>
    public bool MayNotRepeat(int transmissions, Instant now) => transmissions > MaxRetransmissions || IsExpired(now);

    /// <summary>Gives the bytes back; the rest stays known until the peer has moved on.</summary>
    public void ReleaseBytes()
    {
        if (_rented is { } rented)
        {
            ArrayPool<byte>.Shared.Return(rented);
            _rented = null;
        }

        _given?.Dispose();
        _given = null;
        _bytes = default;
    }

    private void Describe(OutgoingStream stream, in SctpSendParameters parameters, Instant now)
    {
        Stream = stream;
        PayloadProtocolId = parameters.PayloadProtocolId;
        IsUnordered = parameters.IsUnordered;
        IsCounted = !parameters.IsControl;
        MaxRetransmissions = parameters.MaxRetransmissions ?? int.MaxValue;
        ExpiresAt = parameters.Lifetime is { } lifetime ? now + lifetime : null;
        MessageId = 0;
        FragmentCount = 0;
        IsHalfSent = false;
        Length = _bytes.Length;
        Cut = 0;
        OutstandingFragments = 0;
        IsAbandoned = false;
        Following = null;
    }
}
