using System.Buffers.Binary;

namespace WebRtcCore.Rtp.Rtcp;

/// <summary>
/// Which packets of which streams arrived, and when (RFC 8888, 3.1). Borrows the datagram; <see langword="foreach"/> walks over the streams.
/// <code>
/// |V=2|P| FMT=11  |   PT = 205    |          length               |
/// |                 SSRC of RTCP packet sender                    |
/// |                   SSRC of 1st RTP stream                      |
/// |          begin_seq            |          num_reports          |
/// |R|ECN|  Arrival time offset    | ...                           .
/// :                                                               :
/// |                 Report timestamp (32 bits)                    |
/// </code>
/// </summary>
public readonly ref struct CongestionFeedback
{
    /// <summary>The most packets of one stream in a feedback packet (RFC 8888, 3.1).</summary>
    public const int MaxReports = 16_384;

    /// <summary>Bytes of header and sender.</summary>
    internal const int HeaderLength = RtcpHeader.Length + sizeof(uint);

    /// <summary>Bytes before a stream's reports.</summary>
    internal const int StreamHeaderLength = 8;

    private readonly ReadOnlySpan<byte> _streams;

    private CongestionFeedback(Ssrc senderSsrc, uint reportTimestamp, ReadOnlySpan<byte> streams)
    {
        SenderSsrc = senderSsrc;
        ReportTimestamp = reportTimestamp;
        _streams = streams;
    }

    /// <summary>Who reports.</summary>
    public Ssrc SenderSsrc { get; }

    /// <summary>When the report was made: the middle 32 bits of the reporter's NTP time, in 1/65,536 s.</summary>
    public uint ReportTimestamp { get; }

    /// <summary>Reads the packet.</summary>
    /// <returns><see langword="false"/> if it is another packet, or the counts do not fit.</returns>
    public static bool TryParse(RtcpPacketView packet, out CongestionFeedback feedback)
    {
        feedback = default;
        var body = packet.Body;
        if (packet.Type != RtcpPacketType.TransportLayerFeedback || packet.Count != RtcpFeedback.CongestionFeedbackFormat || body.Length < 2 * sizeof(uint))
        {
            return false;
        }

        var streams = body[sizeof(uint)..^sizeof(uint)];
        for (var rest = streams; rest.Length > 0;)
        {
            if (rest.Length < StreamHeaderLength || GetLength(rest) > rest.Length)
            {
                return false;
            }

            rest = rest[GetLength(rest)..];
        }

        feedback = new CongestionFeedback(
            new Ssrc(BinaryPrimitives.ReadUInt32BigEndian(body)), BinaryPrimitives.ReadUInt32BigEndian(body[^sizeof(uint)..]), streams);
        return true;
    }

    /// <summary>Starts at the first stream.</summary>
    public Enumerator GetEnumerator() => new(_streams);

    private static int GetLength(ReadOnlySpan<byte> stream) => StreamHeaderLength + (((BinaryPrimitives.ReadUInt16BigEndian(stream[6..]) * sizeof(ushort)) + 3) & ~3);

    /// <summary>Walks over the streams.</summary>
    public ref struct Enumerator
    {
        private ReadOnlySpan<byte> _rest;
        private ReadOnlySpan<byte> _current;

        internal Enumerator(ReadOnlySpan<byte> streams) => _rest = streams;

        /// <summary>The stream that the last <see cref="MoveNext"/> came to.</summary>
        public readonly CongestionFeedbackStream Current => new(_current);

        /// <summary>Goes to the next stream.</summary>
        public bool MoveNext()
        {
            if (_rest.IsEmpty)
            {
                return false;
            }

            var length = GetLength(_rest);
            _current = _rest[..length];
            _rest = _rest[length..];
            return true;
        }
    }
}
