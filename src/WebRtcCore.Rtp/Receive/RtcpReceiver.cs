using WebRtcCore.Primitives;
using WebRtcCore.Rtp.Rtcp;
using WebRtcCore.Rtp.Send;

namespace WebRtcCore.Rtp.Receive;

/// <summary>Takes in the peer's RTCP: hands each packet to what it is about. Unknown packets are skipped, malformed ones too.</summary>
internal sealed class RtcpReceiver(
    SendStreamTable sendStreams,
    RtpDemultiplexer demultiplexer,
    RtpSendContext context,
    RetransmissionQueue retransmissions,
    ReferenceTimeAnswers referenceTimes,
    RoundTripTime roundTripTime,
    RtpEventQueue events)
{
    // A compound may repeat itself; what it can cause is bounded by the datagram's size and these.
    private const int MaxNackedPackets = 1024;

    /// <summary>Packets that were malformed inside a well-formed compound.</summary>
    public long MalformedPackets { get; private set; }

    /// <summary>Takes in one packet of a compound.</summary>
    public void Handle(RtcpPacketView packet, Instant now)
    {
        var isWellFormed = packet.Type switch
        {
            RtcpPacketType.SenderReport => OnSenderReport(packet, now),
            RtcpPacketType.ReceiverReport => OnReceiverReport(packet, now),
            RtcpPacketType.Goodbye => OnGoodbye(packet),
            RtcpPacketType.TransportLayerFeedback => OnTransportLayerFeedback(packet, now),
            RtcpPacketType.PayloadSpecificFeedback => OnPayloadSpecificFeedback(packet, now),
            RtcpPacketType.ExtendedReport => OnExtendedReport(packet, now),
            _ => true,
        };
        if (!isWellFormed)
        {
            MalformedPackets++;
        }
    }

    private bool OnSenderReport(RtcpPacketView packet, Instant now)
    {
        if (!SenderReport.TryParse(packet, out var report))
        {
            return false;
        }

        demultiplexer.FindStream(report.SenderSsrc)?.Statistics.OnSenderReport(report, now);
        OnReportBlocks(report.ReportBlocks, now);
        return true;
    }

    private bool OnReceiverReport(RtcpPacketView packet, Instant now)
    {
        if (!ReceiverReport.TryParse(packet, out var report))
        {
            return false;
        }

        OnReportBlocks(report.ReportBlocks, now);
        return true;
    }

    private void OnReportBlocks(ReportBlocks blocks, Instant now)
    {
        foreach (var block in blocks)
        {
            if (sendStreams.Find(block.Ssrc) is { } stream)
            {
                var measured = roundTripTime.Measure(context.ToNtp(now), block.LastSenderReport, block.DelaySinceLastSenderReport);
                stream.OnReportBlock(block, measured);
                context.Rates.OnReportBlock(block, now);
                events.Add(new RtpEvent { Kind = RtpEventKind.ReportReceived, SendStream = stream });
            }
        }
    }

    private bool OnGoodbye(RtcpPacketView packet)
    {
        if (!Goodbye.TryParse(packet, out var goodbye))
        {
            return false;
        }

        for (var i = 0; i < goodbye.Count; i++)
        {
            demultiplexer.Remove(goodbye[i]);
        }

        return true;
    }

    private bool OnTransportLayerFeedback(RtcpPacketView packet, Instant now) => packet.Count switch
    {
        RtcpFeedback.GenericNackFormat => OnNack(packet),
        RtcpFeedback.TransportFeedbackFormat => OnTransportFeedback(packet, now),
        RtcpFeedback.CongestionFeedbackFormat => OnCongestionFeedback(packet, now),
        _ => true,
    };

    private bool OnNack(RtcpPacketView packet)
    {
        if (!GenericNack.TryParse(packet, out var nack))
        {
            return false;
        }

        if (sendStreams.Find(nack.MediaSsrc) is not { } stream)
        {
            return true;
        }

        stream.OnNackReceived();
        var count = 0;
        foreach (var sequenceNumber in nack)
        {
            if (++count > MaxNackedPackets)
            {
                break;
            }

            retransmissions.Add(stream, sequenceNumber);
        }

        return true;
    }

    private bool OnTransportFeedback(RtcpPacketView packet, Instant now)
    {
        if (!TransportFeedback.TryParse(packet, out var feedback))
        {
            return false;
        }

        context.Rates.OnTransportFeedback(feedback, now);
        return true;
    }

    private bool OnCongestionFeedback(RtcpPacketView packet, Instant now)
    {
        if (!CongestionFeedback.TryParse(packet, out var feedback))
        {
            return false;
        }

        context.Rates.OnCongestionFeedback(feedback, now);
        return true;
    }

    private bool OnPayloadSpecificFeedback(RtcpPacketView packet, Instant now) => packet.Count switch
    {
        RtcpFeedback.PictureLossFormat => OnPictureLoss(packet),
        RtcpFeedback.FullIntraFormat => OnFullIntraRequest(packet),
        RtcpFeedback.ApplicationLayerFormat => OnApplicationLayerFeedback(packet, now),
        _ => true,
    };

    private bool OnPictureLoss(RtcpPacketView packet)
    {
        if (!PictureLossIndication.TryParse(packet, out var indication))
        {
            return false;
        }

        sendStreams.Find(indication.MediaSsrc)?.KeyFrameRequests.OnPictureLoss();
        return true;
    }

    private bool OnFullIntraRequest(RtcpPacketView packet)
    {
        if (!FullIntraRequest.TryParse(packet, out var request))
        {
            return false;
        }

        for (var i = 0; i < request.Count; i++)
        {
            var entry = request[i];
            sendStreams.Find(entry.Ssrc)?.KeyFrameRequests.OnFullIntraRequest(entry.CommandNumber);
        }

        return true;
    }

    private bool OnApplicationLayerFeedback(RtcpPacketView packet, Instant now)
    {
        // Format 15 is shared by all applications: what is not REMB is somebody else's.
        if (ReceiverEstimatedMaximumBitrate.TryParse(packet, out var estimate))
        {
            context.Rates.OnRemoteEstimate(estimate.BitrateBps, now);
        }

        return true;
    }

    private bool OnExtendedReport(RtcpPacketView packet, Instant now)
    {
        if (!ExtendedReport.TryParse(packet, out var report))
        {
            return false;
        }

        foreach (var block in report)
        {
            if (ReceiverReferenceTime.TryParse(block, out var time))
            {
                referenceTimes.Add(report.SenderSsrc, time.Ntp, now);
            }
            else if (DelaySinceLastReceiverReport.TryParse(block, out var answers) && answers.Count > 0)
            {
                // All answers echo the same reference times of ours; the first is as good as any.
                if (roundTripTime.Measure(context.ToNtp(now), answers[0].LastReceiverReport, answers[0].Delay) is { } measured)
                {
                    demultiplexer.FindStream(report.SenderSsrc)?.Statistics.OnRoundTrip(measured);
                }
            }
        }

        return true;
    }
}
