using System.Buffers.Binary;

namespace WebRtcCore.Rtp.Rtcp;

/// <summary>
/// Transport-wide feedback: which packets of the transport arrived, and when
/// (draft-holmer-rmcat-transport-wide-cc-extensions-01, 3.1), for <see langword="foreach"/>. Borrows the datagram.
/// <code>
/// |      base sequence number     |      packet status count      |
/// |                 reference time                | fb pkt. count |
/// |          packet chunk         |         packet chunk          | ...
/// |         packet chunk          |  recv delta   |  recv delta   | ...
/// </code>
/// </summary>
public readonly ref struct TransportFeedback
{
    /// <summary>How long a tick of a delta is.</summary>
    public static readonly TimeSpan DeltaTick = TimeSpan.FromMicroseconds(250);

    /// <summary>How many delta ticks a tick of the reference time has: 64 ms.</summary>
    internal const int DeltaTicksPerReferenceTick = 256;

    internal const int FixedLength = 8;
    private readonly ReadOnlySpan<byte> _chunks;
    private readonly ReadOnlySpan<byte> _deltas;

    private TransportFeedback(ReadOnlySpan<byte> fixedPart, Ssrc sender, Ssrc media, ReadOnlySpan<byte> chunks, ReadOnlySpan<byte> deltas)
    {
        SenderSsrc = sender;
        MediaSsrc = media;
        BaseSequenceNumber = BinaryPrimitives.ReadUInt16BigEndian(fixedPart);
        StatusCount = BinaryPrimitives.ReadUInt16BigEndian(fixedPart[2..]);
        ReferenceTimeTicks = BinaryPrimitives.ReadInt32BigEndian(fixedPart[4..]) >> 8;
        FeedbackCount = fixedPart[7];
        _chunks = chunks;
        _deltas = deltas;
    }

    /// <summary>Who reports.</summary>
    public Ssrc SenderSsrc { get; }

    /// <summary>A stream of the transport reported on.</summary>
    public Ssrc MediaSsrc { get; }

    /// <summary>The number of the first packet reported on.</summary>
    public ushort BaseSequenceNumber { get; }

    /// <summary>How many packets are reported on, 0 to 65,535.</summary>
    public int StatusCount { get; }

    /// <summary>A time of the reporter's clock in 64 ms, signed 24 bits.</summary>
    public int ReferenceTimeTicks { get; }

    /// <summary>Counts feedback packets, to show lost ones; wraps around.</summary>
    public byte FeedbackCount { get; }

    /// <summary>Checks that chunks and deltas for all packets are there.</summary>
    public static bool TryParse(RtcpPacketView packet, out TransportFeedback feedback)
    {
        feedback = default;
        if (!RtcpFeedback.TryParse(
                packet,
                RtcpPacketType.TransportLayerFeedback,
                RtcpFeedback.TransportFeedbackFormat,
                out var sender,
                out var media,
                out var information)
            || information.Length < FixedLength)
        {
            return false;
        }

        var rest = information[FixedLength..];
        int statusCount = BinaryPrimitives.ReadUInt16BigEndian(information[2..]);
        var deltasLength = 0;
        var position = 0;
        for (var remaining = statusCount; remaining > 0;)
        {
            if (rest.Length - position < TransportFeedbackChunk.EncodedLength)
            {
                return false;
            }

            var chunk = new TransportFeedbackChunk(BinaryPrimitives.ReadUInt16BigEndian(rest[position..]));
            position += TransportFeedbackChunk.EncodedLength;
            if (chunk.Count == 0)
            {
                return false;
            }

            var used = Math.Min(chunk.Count, remaining);
            deltasLength += chunk.GetDeltasLength(used);
            remaining -= used;
        }

        if (deltasLength > rest.Length - position)
        {
            return false;
        }

        feedback = new TransportFeedback(information, sender, media, rest[..position], rest.Slice(position, deltasLength));
        return true;
    }

    /// <summary>Starts at the first packet.</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <summary>Walks over the packets reported on.</summary>
    public ref struct Enumerator
    {
        private ReadOnlySpan<byte> _chunks;
        private ReadOnlySpan<byte> _deltas;
        private TransportFeedbackChunk _chunk;
        private int _indexInChunk;
        private int _remaining;
        private ushort _next;

        internal Enumerator(TransportFeedback feedback)
        {
            _chunks = feedback._chunks;
            _deltas = feedback._deltas;
            _remaining = feedback.StatusCount;
            _next = feedback.BaseSequenceNumber;
        }

        /// <summary>The packet that the last <see cref="MoveNext"/> came to.</summary>
        public TransportFeedbackStatus Current { readonly get; private set; }

        /// <summary>Goes to the next packet.</summary>
        public bool MoveNext()
        {
            if (_remaining == 0)
            {
                return false;
            }

            if (_indexInChunk == _chunk.Count)
            {
                _chunk = new TransportFeedbackChunk(BinaryPrimitives.ReadUInt16BigEndian(_chunks));
                _chunks = _chunks[TransportFeedbackChunk.EncodedLength..];
                _indexInChunk = 0;
            }

            var deltaLength = _chunk.GetDeltaLength(_indexInChunk++);
            short delta = 0;
            if (deltaLength == 1)
            {
                delta = _deltas[0];
            }
            else if (deltaLength == 2)
            {
                delta = BinaryPrimitives.ReadInt16BigEndian(_deltas);
            }

            _deltas = _deltas[deltaLength..];
            Current = new TransportFeedbackStatus(_next++, deltaLength > 0, delta);
            _remaining--;
            return true;
        }
    }
}
