using WebRtcCore.Primitives;
using WebRtcCore.Rtp.Rtcp;

namespace WebRtcCore.Rtp.Receive;

/// <summary>
/// Arrival times of each stream's packets since the last RFC 8888 feedback. Streams and packets are bounded: packets that fall out unreported are never reported.
/// </summary>
internal sealed class ArrivalCollector
{
    private const int MaxStreams = 64;
    private const int Capacity = 1024;

    // Keeps a feedback packet within what fits in any MTU.
    private const int MaxReports = 480;

    // RFC 8888 3.1: reports overlap a little, for packets that were overtaken.
    private const int Overlap = 16;
    private const long NotReceived = -1;

    private readonly List<Stream> _streams = [];

    /// <summary>Whether there is anything to report.</summary>
    public bool HasNews => _streams.Exists(static s => s.HasNews);

    /// <summary>Notes a packet.</summary>
    public void Add(Ssrc ssrc, ushort sequenceNumber, Instant now)
    {
        var stream = Find(ssrc);
        if (stream is null)
        {
            if (_streams.Count == MaxStreams)
            {
                _streams.RemoveAt(0);
            }

            _streams.Add(stream = new Stream(ssrc));
        }

        stream.Add(sequenceNumber, now);
    }

    /// <summary>Writes one feedback packet; call again while there is more to report.</summary>
    /// <returns>The packet's length, or 0 if there is nothing to report or no room.</returns>
    public int Write(Span<byte> destination, Ssrc sender, NtpTimestamp ntp, Instant now)
    {
        const int Frame = CongestionFeedback.HeaderLength + sizeof(uint);
        if (destination.Length < Frame + CongestionFeedback.StreamHeaderLength + sizeof(uint))
        {
            return 0;
        }

        var writer = new SpanWriter(destination);
        writer.Reserve(CongestionFeedback.HeaderLength);
        var budget = MaxReports;
        foreach (var stream in _streams)
        {
            var room = Math.Min(budget, (writer.Remaining - sizeof(uint) - CongestionFeedback.StreamHeaderLength) / sizeof(ushort) & ~1);
            if (stream.HasNews && room > 0)
            {
                budget -= stream.Write(ref writer, room, now);
            }
        }

        if (writer.Position == CongestionFeedback.HeaderLength)
        {
            return 0;
        }

        writer.WriteUInt32(ntp.Middle);
        var header = new SpanWriter(destination);
        RtcpHeader.Write(ref header, RtcpPacketType.TransportLayerFeedback, RtcpFeedback.CongestionFeedbackFormat, writer.Position);
        header.WriteUInt32(sender.Value);
        return writer.Position;
    }

    private Stream? Find(Ssrc ssrc)
    {
        foreach (var stream in _streams)
        {
            if (stream.Ssrc == ssrc)
            {
                return stream;
            }
        }

        return null;
    }

    /// <summary>The packets of one stream.</summary>
    private sealed class Stream(Ssrc ssrc)
    {
        private const long FirstCycle = 0x1_0000;

        private readonly long[] _arrivals = new long[Capacity];
        private long _highest = -1;
        private long _next;

        // What came before the first packet is not known to be missing.
        private long _first;

        public Ssrc Ssrc { get; } = ssrc;

        public bool HasNews => _highest >= 0 && _next <= _highest;

        public void Add(ushort sequenceNumber, Instant now)
        {
            if (_highest < 0)
            {
                Array.Fill(_arrivals, NotReceived);
                _highest = _next = _first = FirstCycle + sequenceNumber;
                _arrivals[_highest % Capacity] = now.Ticks;
                return;
            }

            var number = SerialNumber.Unwrap(sequenceNumber, _highest);
            if (number <= _highest - Capacity)
            {
                return;
            }

            for (var i = Math.Max(_highest + 1, number - Capacity + 1); i <= number; i++)
            {
                _arrivals[i % Capacity] = NotReceived;
            }

            _highest = Math.Max(_highest, number);
            _first = Math.Min(_first, number);
            if (_arrivals[number % Capacity] == NotReceived)
            {
                _arrivals[number % Capacity] = now.Ticks;
                _next = Math.Max(Math.Min(_next, number), _highest - Capacity + 1);
            }
        }

        public int Write(ref SpanWriter writer, int room, Instant now)
        {
            var first = Math.Max(Math.Max(_next - Overlap, _highest - Capacity + 1), _first);
            if (_highest - first + 1 > room)
            {
                first = _next;
            }

            var count = (int)Math.Min(room, _highest - first + 1);
            writer.WriteUInt32(Ssrc.Value);
            writer.WriteUInt16((ushort)first);
            writer.WriteUInt16((ushort)count);
            for (var number = first; number < first + count; number++)
            {
                var arrival = _arrivals[number % Capacity];
                writer.WriteUInt16((arrival == NotReceived ? CongestionFeedbackReport.NotReceived : CongestionFeedbackReport.Received(now - new Instant(arrival))).Value);
            }

            if (count % 2 != 0)
            {
                writer.WriteUInt16(0);
            }

            _next = first + count;
            return count;
        }
    }
}
