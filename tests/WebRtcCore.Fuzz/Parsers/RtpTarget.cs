using WebRtcCore.Rtp;
using WebRtcCore.Rtp.HeaderExtensions;

namespace WebRtcCore.Fuzz.Parsers;

/// <summary>The RTP packet view, its header extension elements and their values.</summary>
internal sealed class RtpTarget : FuzzTarget
{
    public override string Name => "rtp";

    public override IEnumerable<byte[]> Seeds() =>
        SeedFiles.Datagrams("corpus/rtp", "plain-*.pcap", static payload => payload.Length > 12 && payload[0] >> 6 == 2 && !RtpPacketView.IsRtcp(payload), perFile: 6);

    public override void Run(ReadOnlySpan<byte> input)
    {
        RtpPacketView.IsRtcp(input);
        RtpPacketView.TryGetHeaderLength(input, out _);
        if (!RtpPacketView.TryParse(input, out var packet))
        {
            return;
        }

        Require(packet.HeaderLength + packet.Payload.Length + packet.PaddingLength == input.Length, "The parts make the whole.");
        for (var i = 0; i < packet.CsrcCount; i++)
        {
            packet.GetCsrc(i);
        }

        foreach (var element in packet.Extensions)
        {
            packet.TryGetExtension(element.Id, out _);
            AbsoluteSendTime.TryParse(element.Value, out _);
            TransmissionTimeOffset.TryParse(element.Value, out _);
            VideoOrientation.TryParse(element.Value, out _);
            AudioLevel.TryParse(element.Value, out _);
            TransportSequenceNumber.TryParse(element.Value, out _);
            PlayoutDelay.TryParse(element.Value, out _);
        }
    }
}
