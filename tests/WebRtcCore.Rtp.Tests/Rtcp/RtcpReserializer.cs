using WebRtcCore.Primitives;
using WebRtcCore.Rtp.Rtcp;

namespace WebRtcCore.Rtp.Tests.Rtcp;

/// <summary>Reads an RTCP packet into its type and writes it again.</summary>
internal static class RtcpReserializer
{
    /// <summary>The packet written again; <see langword="null"/> if it is malformed or of an unknown type.</summary>
    public static byte[]? Reserialize(RtcpPacketView packet)
    {
        var buffer = new byte[70_000];
        var writer = new SpanWriter(buffer);
        return TryWrite(packet, ref writer) ? writer.Written.ToArray() : null;
    }

    private static bool TryWrite(RtcpPacketView packet, ref SpanWriter writer) => packet.Type switch
    {
        RtcpPacketType.SenderReport => WriteSenderReport(packet, ref writer),
        RtcpPacketType.ReceiverReport => WriteReceiverReport(packet, ref writer),
        RtcpPacketType.SourceDescription => WriteSourceDescription(packet, ref writer),
        RtcpPacketType.Goodbye => WriteGoodbye(packet, ref writer),
        RtcpPacketType.ApplicationDefined => WriteApplicationDefined(packet, ref writer),
        RtcpPacketType.TransportLayerFeedback => WriteNack(packet, ref writer) || WriteTransportFeedback(packet, ref writer),
        RtcpPacketType.PayloadSpecificFeedback =>
            WritePictureLoss(packet, ref writer) || WriteFullIntra(packet, ref writer) || WriteBitrate(packet, ref writer),
        RtcpPacketType.ExtendedReport => WriteExtendedReport(packet, ref writer),
        _ => false,
    };

    private static bool WriteSenderReport(RtcpPacketView packet, ref SpanWriter writer)
    {
        if (!SenderReport.TryParse(packet, out var report))
        {
            return false;
        }

        report.Write(ref writer, Blocks(report.ReportBlocks));
        return true;
    }

    private static bool WriteReceiverReport(RtcpPacketView packet, ref SpanWriter writer)
    {
        if (!ReceiverReport.TryParse(packet, out var report))
        {
            return false;
        }

        report.Write(ref writer, Blocks(report.ReportBlocks));
        return true;
    }

    private static ReportBlock[] Blocks(ReportBlocks blocks)
    {
        var result = new List<ReportBlock>();
        foreach (var block in blocks)
        {
            result.Add(block);
        }

        return [.. result];
    }

    private static bool WriteSourceDescription(RtcpPacketView packet, ref SpanWriter writer)
    {
        if (!SourceDescription.TryParse(packet, out var description))
        {
            return false;
        }

        var count = 0;
        foreach (var item in description)
        {
            count++;
            SourceDescription.Write(ref writer, item.Ssrc, item.Type, item.Value);
        }

        return count == 1;
    }

    private static bool WriteGoodbye(RtcpPacketView packet, ref SpanWriter writer)
    {
        if (!Goodbye.TryParse(packet, out var goodbye))
        {
            return false;
        }

        var ssrcs = new Ssrc[goodbye.Count];
        for (var i = 0; i < ssrcs.Length; i++)
        {
            ssrcs[i] = goodbye[i];
        }

        Goodbye.Write(ref writer, ssrcs, goodbye.Reason);
        return true;
    }

    private static bool WriteApplicationDefined(RtcpPacketView packet, ref SpanWriter writer)
    {
        if (!ApplicationDefined.TryParse(packet, out var application))
        {
            return false;
        }

        application.Write(ref writer);
        return true;
    }

    private static bool WriteNack(RtcpPacketView packet, ref SpanWriter writer)
    {
        if (!GenericNack.TryParse(packet, out var nack))
        {
            return false;
        }

        var numbers = new List<ushort>();
        foreach (var number in nack)
        {
            numbers.Add(number);
        }

        GenericNack.Write(ref writer, nack.SenderSsrc, nack.MediaSsrc, numbers.ToArray());
        return true;
    }

    private static bool WriteTransportFeedback(RtcpPacketView packet, ref SpanWriter writer)
    {
        if (!TransportFeedback.TryParse(packet, out var feedback))
        {
            return false;
        }

        var deltas = new List<short?>();
        foreach (var status in feedback)
        {
            deltas.Add(status.IsReceived ? status.DeltaTicks : null);
        }

        var space = new byte[TransportFeedbackWriter.GetMaxEncodedLength(deltas.Count)];
        var length = TransportFeedbackWriter.Write(
            space,
            feedback.SenderSsrc,
            feedback.MediaSsrc,
            feedback.BaseSequenceNumber,
            feedback.ReferenceTimeTicks,
            feedback.FeedbackCount,
            deltas.ToArray());
        writer.WriteBytes(space.AsSpan(0, length));
        return true;
    }

    private static bool WritePictureLoss(RtcpPacketView packet, ref SpanWriter writer)
    {
        if (!PictureLossIndication.TryParse(packet, out var indication))
        {
            return false;
        }

        indication.Write(ref writer);
        return true;
    }

    private static bool WriteFullIntra(RtcpPacketView packet, ref SpanWriter writer)
    {
        if (!FullIntraRequest.TryParse(packet, out var request))
        {
            return false;
        }

        var entries = new FullIntraRequestEntry[request.Count];
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = request[i];
        }

        FullIntraRequest.Write(ref writer, request.SenderSsrc, entries);
        return true;
    }

    private static bool WriteBitrate(RtcpPacketView packet, ref SpanWriter writer)
    {
        if (!ReceiverEstimatedMaximumBitrate.TryParse(packet, out var estimate))
        {
            return false;
        }

        var ssrcs = new Ssrc[estimate.Count];
        for (var i = 0; i < ssrcs.Length; i++)
        {
            ssrcs[i] = estimate[i];
        }

        ReceiverEstimatedMaximumBitrate.Write(ref writer, estimate.SenderSsrc, estimate.BitrateBps, ssrcs);
        return true;
    }

    private static bool WriteExtendedReport(RtcpPacketView packet, ref SpanWriter writer)
    {
        if (!ExtendedReport.TryParse(packet, out var report))
        {
            return false;
        }

        var blocks = new byte[70_000];
        var blockWriter = new SpanWriter(blocks);
        foreach (var block in report)
        {
            if (ReceiverReferenceTime.TryParse(block, out var time))
            {
                time.Write(ref blockWriter);
            }
            else if (DelaySinceLastReceiverReport.TryParse(block, out var delays))
            {
                var entries = new DelaySinceLastReceiverReportEntry[delays.Count];
                for (var i = 0; i < entries.Length; i++)
                {
                    entries[i] = delays[i];
                }

                DelaySinceLastReceiverReport.Write(ref blockWriter, entries);
            }
            else
            {
                blockWriter.WriteByte(block.Type);
                blockWriter.WriteByte(block.TypeSpecific);
                blockWriter.WriteUInt16((ushort)(block.Contents.Length / 4));
                blockWriter.WriteBytes(block.Contents);
            }
        }

        ExtendedReport.WriteHeader(ref writer, report.SenderSsrc, blockWriter.Position);
        writer.WriteBytes(blockWriter.Written);
        return true;
    }
}
