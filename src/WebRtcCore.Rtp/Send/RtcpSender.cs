using System.Text;
using WebRtcCore.Primitives;
using WebRtcCore.Rtp.Receive;
using WebRtcCore.Rtp.Rtcp;

namespace WebRtcCore.Rtp.Send;

/// <summary>Writes the session's RTCP: reports, goodbyes, NACKs, requests for key frames and transport-wide feedback.</summary>
internal sealed class RtcpSender(
    SendStreamTable sendStreams,
    RtpDemultiplexer demultiplexer,
    TransportFeedbackCollector arrivals,
    ArrivalCollector streamArrivals,
    RtpSendContext context,
    ReferenceTimeAnswers referenceTimes,
    RoundTripTime roundTripTime,
    RemoteBitrateEstimator estimator,
    Ssrc receiverSsrc)
{
    private const int MaxNacksPerPacket = 64;

    private readonly byte[] _cname = Encoding.UTF8.GetBytes(context.Options.Cname);
    private readonly List<Ssrc> _goodbyes = [];
    private ReportBlock[] _blocks = [];
    private int _nextSender = -1;
    private int _nextReceiver = -1;
    private bool _isFeedbackDue;
    private bool _isFeedbackDone;
    private bool _isTransportFeedbackDue;
    private bool _isEstimateDue;

    /// <summary>Whose name feedback and receiver reports carry: a stream of ours that the peer knows, or a number of their own.</summary>
    private Ssrc LocalSsrc => sendStreams.All.Count > 0 ? sendStreams.All[0].Ssrc : receiverSsrc;

    /// <summary>Starts a round of reports on all streams.</summary>
    public void BeginReports()
    {
        _nextSender = 0;
        _nextReceiver = 0;
    }

    /// <summary>Looks for NACKs and requests for key frames at the next polls.</summary>
    public void BeginFeedback() => _isFeedbackDue = true;

    /// <summary>Writes transport-wide feedback at the next polls.</summary>
    public void BeginTransportFeedback() => _isTransportFeedbackDue = true;

    /// <summary>Tells the estimate for a peer that does not estimate itself at the next polls.</summary>
    public void BeginEstimate() => _isEstimateDue = true;

    /// <summary>Says goodbye for a stream that has ended.</summary>
    public void AddGoodbye(Ssrc ssrc) => _goodbyes.Add(ssrc);

    /// <summary>Writes the next datagram.</summary>
    public bool TryWrite(Span<byte> destination, Instant now, out int length)
    {
        var space = destination.Length > context.Options.MaxRtcpSize ? destination[..context.Options.MaxRtcpSize] : destination;
        length = WriteFeedback(space, now);
        if (length == 0)
        {
            length = WriteTransportFeedback(space, now);
        }

        if (length == 0)
        {
            length = WriteEstimate(space, now);
        }

        if (length == 0)
        {
            length = WriteReport(space, now);
        }

        if (length == 0)
        {
            length = WriteGoodbye(space);
        }

        return length > 0;
    }

    /// <summary>Whether all feedback that was due has been written since the last call: then the next is to be waited for.</summary>
    public bool TakeFeedbackDone()
    {
        var result = _isFeedbackDone;
        _isFeedbackDone = false;
        return result;
    }

    /// <summary>When feedback is next due.</summary>
    public Instant? GetFeedbackDue()
    {
        Instant? due = null;
        foreach (var stream in demultiplexer.Streams)
        {
            due = Instant.Earliest(due, Instant.Earliest(stream.Nacks?.Due, stream.KeyFrames.Due));
        }

        return due;
    }

    private int WriteFeedback(Span<byte> destination, Instant now)
    {
        if (!_isFeedbackDue)
        {
            return 0;
        }

        foreach (var stream in demultiplexer.Streams)
        {
            var writer = new SpanWriter(destination);
            WriteKeyFrameRequest(ref writer, stream, now);
            WriteNacks(ref writer, stream, now);
            if (writer.Position > 0)
            {
                return stream.Receiver.ReducedSize ? writer.Position : PutReportInFront(destination, writer.Position);
            }
        }

        _isFeedbackDue = false;
        _isFeedbackDone = true;
        return 0;
    }

    private void WriteKeyFrameRequest(ref SpanWriter writer, RtpReceiveStream stream, Instant now)
    {
        var feedback = stream.State.Formats.AllFeedback;
        var hasPictureLoss = (feedback & RtcpFeedbackKinds.NackPli) != 0;
        var hasFullIntra = (feedback & RtcpFeedbackKinds.CcmFir) != 0;
        if (!hasPictureLoss && !hasFullIntra)
        {
            stream.KeyFrames.Cancel();
            return;
        }

        if (!stream.KeyFrames.TryTake(now, asFullIntraRequest: !hasPictureLoss))
        {
            return;
        }

        if (hasPictureLoss)
        {
            new PictureLossIndication(LocalSsrc, stream.Ssrc).Write(ref writer);
        }
        else
        {
            FullIntraRequest.Write(ref writer, LocalSsrc, [new FullIntraRequestEntry(stream.Ssrc, stream.KeyFrames.CommandNumber)]);
        }
    }

    private void WriteNacks(ref SpanWriter writer, RtpReceiveStream stream, Instant now)
    {
        if (stream.Nacks is not { } nacks)
        {
            return;
        }

        Span<ushort> numbers = stackalloc ushort[MaxNacksPerPacket];
        var count = nacks.TakeDue(now, roundTripTime.AnswerTime, numbers);
        if (count > 0)
        {
            GenericNack.Write(ref writer, LocalSsrc, stream.Ssrc, numbers[..count]);
        }
    }

    private int WriteTransportFeedback(Span<byte> destination, Instant now)
    {
        if (!_isTransportFeedbackDue)
        {
            return 0;
        }

        var length = arrivals.Write(destination, LocalSsrc);
        if (length == 0)
        {
            length = streamArrivals.Write(destination, LocalSsrc, context.ToNtp(now), now);
        }

        _isTransportFeedbackDue = length > 0 && (arrivals.HasNews || streamArrivals.HasNews);
        return length == 0 || demultiplexer.AllowsReducedSize ? length : PutReportInFront(destination, length);
    }

    private int WriteEstimate(Span<byte> destination, Instant now)
    {
        if (!_isEstimateDue)
        {
            return 0;
        }

        _isEstimateDue = false;
        Span<Ssrc> streams = stackalloc Ssrc[RemoteBitrateEstimator.MaxStreams];
        var count = Math.Min(streams.Length, demultiplexer.Streams.Count);
        for (var i = 0; i < count; i++)
        {
            streams[i] = demultiplexer.Streams[i].Ssrc;
        }

        var writer = new SpanWriter(destination);
        ReceiverEstimatedMaximumBitrate.Write(ref writer, LocalSsrc, estimator.Take(now), streams[..count]);
        return demultiplexer.AllowsReducedSize ? writer.Position : PutReportInFront(destination, writer.Position);
    }

    // RFC 4585 3.1: without reduced size, feedback follows a report, here an empty one, and the canonical name.
    private int PutReportInFront(Span<byte> destination, int length)
    {
        var front = ReceiverReport.GetEncodedLength(0) + SourceDescription.GetEncodedLength(_cname.Length);
        if (front > destination.Length - length)
        {
            return length;
        }

        destination[..length].CopyTo(destination[front..]);
        var writer = new SpanWriter(destination);
        new ReceiverReport { SenderSsrc = LocalSsrc }.Write(ref writer, default);
        SourceDescription.Write(ref writer, LocalSsrc, SourceDescriptionItemType.Cname, _cname);
        return front + length;
    }

    private int WriteReport(Span<byte> destination, Instant now)
    {
        if (_nextSender < 0)
        {
            return 0;
        }

        var sender = TakeSender();
        var ssrc = sender?.Ssrc ?? LocalSsrc;
        var cnameLength = SourceDescription.GetEncodedLength(sender is null ? _cname.Length : Encoding.UTF8.GetByteCount(sender.Cname));
        var answersLength = referenceTimes.Count == 0 ? 0
            : ExtendedReport.GetEncodedLength(DelaySinceLastReceiverReport.GetEncodedLength(referenceTimes.Count));

        // RFC 3611 4.4: whoever sends nothing has no other way to the round-trip time. Browsers ask unasked, too: who does not know it passes over it.
        var asksTime = sender is null;
        var timeLength = asksTime ? ExtendedReport.GetEncodedLength(ReceiverReferenceTime.EncodedLength) : 0;
        var room = destination.Length - SenderReport.GetEncodedLength(0) - cnameLength - answersLength - timeLength;
        var blocks = TakeBlocks(room / ReportBlock.EncodedLength, now);
        if (sender is null && blocks.Length == 0)
        {
            _nextSender = -1;
            return 0;
        }

        var writer = new SpanWriter(destination);
        if (sender is not null)
        {
            sender.CreateSenderReport(now).Write(ref writer, blocks);
        }
        else
        {
            new ReceiverReport { SenderSsrc = ssrc }.Write(ref writer, blocks);
        }

        WriteCname(ref writer, ssrc, sender);
        WriteReferenceTimes(ref writer, ssrc, asksTime, now);
        return writer.Position;
    }

    private RtpSendStream? TakeSender()
    {
        while (_nextSender < sendStreams.All.Count)
        {
            var stream = sendStreams.All[_nextSender++];
            if (stream.HasSent)
            {
                return stream;
            }
        }

        return null;
    }

    private ReadOnlySpan<ReportBlock> TakeBlocks(int max, Instant now)
    {
        if (_blocks.Length == 0)
        {
            _blocks = new ReportBlock[RtcpHeader.MaxCount];
        }

        var count = 0;
        max = Math.Min(max, _blocks.Length);
        while (count < max && _nextReceiver < demultiplexer.Streams.Count)
        {
            var stream = demultiplexer.Streams[_nextReceiver++];
            if (stream.Statistics.HasNews)
            {
                _blocks[count++] = stream.Statistics.TakeReportBlock(stream.Ssrc, now);
            }
        }

        return _blocks.AsSpan(0, count);
    }

    private void WriteCname(ref SpanWriter writer, Ssrc ssrc, RtpSendStream? sender)
    {
        Span<byte> cname = stackalloc byte[byte.MaxValue];
        var length = sender is null || !Encoding.UTF8.TryGetBytes(sender.Cname, cname, out var written) ? 0 : written;
        SourceDescription.Write(ref writer, ssrc, SourceDescriptionItemType.Cname, sender is null ? _cname : cname[..length]);
    }

    private void WriteReferenceTimes(ref SpanWriter writer, Ssrc ssrc, bool asksTime, Instant now)
    {
        if (referenceTimes.Count > 0)
        {
            Span<DelaySinceLastReceiverReportEntry> entries = stackalloc DelaySinceLastReceiverReportEntry[ReferenceTimeAnswers.Capacity];
            var count = referenceTimes.Take(entries, now);
            ExtendedReport.WriteHeader(ref writer, ssrc, DelaySinceLastReceiverReport.GetEncodedLength(count));
            DelaySinceLastReceiverReport.Write(ref writer, entries[..count]);
        }

        if (asksTime)
        {
            ExtendedReport.WriteHeader(ref writer, ssrc, ReceiverReferenceTime.EncodedLength);
            new ReceiverReferenceTime(context.ToNtp(now)).Write(ref writer);
        }
    }

    private int WriteGoodbye(Span<byte> destination)
    {
        if (_goodbyes.Count == 0)
        {
            return 0;
        }

        // RFC 3550 6.6: goodbye is part of a compound, which starts with a report.
        var count = Math.Min(_goodbyes.Count, RtcpHeader.MaxCount);
        var ssrc = _goodbyes[0];
        var writer = new SpanWriter(destination);
        new ReceiverReport { SenderSsrc = ssrc }.Write(ref writer, default);
        SourceDescription.Write(ref writer, ssrc, SourceDescriptionItemType.Cname, _cname);
        Goodbye.Write(ref writer, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_goodbyes)[..count], default);
        _goodbyes.RemoveRange(0, count);
        return writer.Position;
    }
}
