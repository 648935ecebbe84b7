using WebRtcCore.Rtp;
using WebRtcCore.Rtp.Rtcp;

namespace WebRtcCore.Fuzz.Parsers;

/// <summary>RTCP compounds: every packet through every typed parser, whatever its type says.</summary>
internal sealed class RtcpTarget : FuzzTarget
{
    // Feedback for a few thousand packets fits one datagram; no input may unfold to more.
    private const int MaxElements = 70_000;

    public override string Name => "rtcp";

    public override IEnumerable<byte[]> Seeds() =>
    [
        .. SeedFiles.Hex("vectors", "rtcp_*.json"),
        .. SeedFiles.Datagrams("corpus/rtp", "plain-*.pcap", static payload => RtpPacketView.IsRtcp(payload), perFile: 4),
    ];

    public override void Run(ReadOnlySpan<byte> input)
    {
        if (!RtcpCompound.TryParse(input, out var compound))
        {
            return;
        }

        var elements = 0;
        foreach (var packet in compound)
        {
            elements += Reports(packet) + Feedback(packet) + Others(packet);
        }

        Require(elements <= MaxElements, "A datagram unfolds to a bounded number of elements.");
    }

    private static int Reports(RtcpPacketView packet)
    {
        var count = 0;
        if (SenderReport.TryParse(packet, out var sender))
        {
            foreach (var block in sender.ReportBlocks)
            {
                count++;
            }
        }

        if (ReceiverReport.TryParse(packet, out var receiver))
        {
            foreach (var block in receiver.ReportBlocks)
            {
                count++;
            }
        }

        if (ExtendedReport.TryParse(packet, out var extended))
        {
            foreach (var block in extended)
            {
                ReceiverReferenceTime.TryParse(block, out _);
                count += DelaySinceLastReceiverReport.TryParse(block, out var delays) ? ReadAll(delays) : 1;
            }
        }

        return count;
    }

    private static int ReadAll(DelaySinceLastReceiverReport delays)
    {
        for (var i = 0; i < delays.Count; i++)
        {
            _ = delays[i];
        }

        return delays.Count;
    }

    private static int Feedback(RtcpPacketView packet)
    {
        var count = 0;
        if (TransportFeedback.TryParse(packet, out var transport))
        {
            foreach (var status in transport)
            {
                count++;
            }

            Require(count == transport.StatusCount, "Feedback has as many statuses as it says.");
        }

        if (GenericNack.TryParse(packet, out var nack))
        {
            foreach (var lost in nack)
            {
                count++;
            }
        }

        if (FullIntraRequest.TryParse(packet, out var fir))
        {
            for (var i = 0; i < fir.Count; i++)
            {
                _ = fir[i];
                count++;
            }
        }

        if (ReceiverEstimatedMaximumBitrate.TryParse(packet, out var remb))
        {
            Require(remb.BitrateBps >= 0, "A bitrate is not negative.");
            for (var i = 0; i < remb.Count; i++)
            {
                _ = remb[i];
                count++;
            }
        }

        return count + (PictureLossIndication.TryParse(packet, out _) ? 1 : 0);
    }

    private static int Others(RtcpPacketView packet)
    {
        var count = 0;
        if (SourceDescription.TryParse(packet, out var description))
        {
            foreach (var item in description)
            {
                count++;
            }
        }

        if (Goodbye.TryParse(packet, out var goodbye))
        {
            _ = goodbye.Reason;
            for (var i = 0; i < goodbye.Count; i++)
            {
                _ = goodbye[i];
                count++;
            }
        }

        return count + (ApplicationDefined.TryParse(packet, out var application) ? application.Data.Length : 0);
    }
}
