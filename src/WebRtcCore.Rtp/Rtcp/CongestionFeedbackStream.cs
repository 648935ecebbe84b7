using System.Buffers.Binary;

namespace WebRtcCore.Rtp.Rtcp;

/// <summary>What a <see cref="CongestionFeedback"/> says of one stream. Borrows the datagram.</summary>
public readonly ref struct CongestionFeedbackStream
{
    private readonly ReadOnlySpan<byte> _stream;

    internal CongestionFeedbackStream(ReadOnlySpan<byte> stream) => _stream = stream;

    /// <summary>The stream.</summary>
    public Ssrc Ssrc => new(BinaryPrimitives.ReadUInt32BigEndian(_stream));

    /// <summary>The sequence number of the first packet reported on.</summary>
    public ushort BeginSequenceNumber => BinaryPrimitives.ReadUInt16BigEndian(_stream[4..]);

    /// <summary>How many packets are reported on.</summary>
    public int Count => BinaryPrimitives.ReadUInt16BigEndian(_stream[6..]);

    /// <summary>One of the reports.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1; the packet is as many after <see cref="BeginSequenceNumber"/>.</param>
    public CongestionFeedbackReport this[int index] =>
        new(BinaryPrimitives.ReadUInt16BigEndian(_stream[(CongestionFeedback.StreamHeaderLength + (index * sizeof(ushort)))..]));
}
