using WebRtcCore.Rtp.HeaderExtensions;
using WebRtcCore.Rtp.Rtcp;
using WebRtcCore.Rtp.Tests.Rtcp;
using WebRtcCore.Testing;

namespace WebRtcCore.Rtp.Tests;

/// <summary>RTP and RTCP that browsers sent.</summary>
public sealed class CaptureReplayTests
{
    public static IEnumerable<TestCaseData> Captures() => TestData.Files("corpus/rtp", "*.pcap")
        .Where(f => Path.GetFileName(f).StartsWith("plain-", StringComparison.Ordinal) || f.EndsWith(".rtp.pcap", StringComparison.Ordinal))
        .Select(f => new TestCaseData(f).SetArgDisplayNames(Path.GetFileName(f)));

    [TestCaseSource(nameof(Captures))]
    public void Every_rtp_packet_parses_and_its_header_is_written_the_same(string file)
    {
        var count = 0;
        foreach (var packet in Media(file).Where(p => !RtpPacketView.IsRtcp(p)))
        {
            Assert.That(RtpPacketView.TryParse(packet, out var view), Is.True);
            Assert.That(Rewrite(view), Is.EqualTo(packet));
            count++;
        }

        Assert.That(count, Is.GreaterThan(100));
    }

    [TestCaseSource(nameof(Captures))]
    public void Every_rtcp_packet_parses_and_is_written_the_same(string file)
    {
        var count = 0;
        foreach (var datagram in Media(file).Where(p => RtpPacketView.IsRtcp(p)))
        {
            Assert.That(RtcpCompound.TryParse(datagram, out var compound), Is.True);
            foreach (var packet in compound)
            {
                var expected = packet.Packet.ToArray();
                Assert.That(RtcpReserializer.Reserialize(packet), Is.EqualTo(expected), $"{packet.Type} {packet.Count}: {Convert.ToHexString(expected)}");
                count++;
            }
        }

        Assert.That(count, Is.GreaterThan(10));
    }

    [TestCase("plain-av-vp8.pcap")]
    [TestCase("plain-audio-opus.pcap")]
    public void Header_extensions_have_plausible_values(string file)
    {
        var map = new RtpHeaderExtensionMap(
        [
            new(1, RtpHeaderExtensionUri.AudioLevel),
            new(2, RtpHeaderExtensionUri.AbsoluteSendTime),
            new(3, RtpHeaderExtensionUri.TransportSequenceNumber),
            new(4, RtpHeaderExtensionUri.Mid),
        ]);
        var numbers = new HashSet<ushort>();
        var mids = new HashSet<string>();
        var levels = 0;
        foreach (var packet in Media(TestData.Path($"corpus/rtp/{file}")).Where(p => !RtpPacketView.IsRtcp(p)))
        {
            Assert.That(RtpPacketView.TryParse(packet, out var view), Is.True);
            foreach (var element in view.Extensions)
            {
                switch (map.GetKind(element.Id))
                {
                    case RtpHeaderExtensionKind.AudioLevel:
                        Assert.That(AudioLevel.TryParse(element.Value, out _), Is.True);
                        levels++;
                        break;
                    case RtpHeaderExtensionKind.TransportSequenceNumber:
                        Assert.That(TransportSequenceNumber.TryParse(element.Value, out var number), Is.True);
                        numbers.Add(number.Value);
                        break;
                    case RtpHeaderExtensionKind.AbsoluteSendTime:
                        Assert.That(AbsoluteSendTime.TryParse(element.Value, out _), Is.True);
                        break;
                    case RtpHeaderExtensionKind.Mid:
                        mids.Add(System.Text.Encoding.UTF8.GetString(element.Value));
                        break;
                    default:
                        break;
                }
            }
        }

        Assert.That(numbers, Has.Count.GreaterThan(200));
        Assert.That(mids, Is.SubsetOf(new[] { "0", "1" }).And.Not.Empty);
        Assert.That(levels, Is.GreaterThan(100));
    }

    internal static IEnumerable<byte[]> Media(string file) =>
        PcapReader.Read(file).Where(p => p.Protocol == PcapProtocol.Udp && p.Payload.Length >= 8 && p.Payload[0] is >= 128 and <= 191).Select(p => p.Payload);

    private static byte[] Rewrite(RtpPacketView view)
    {
        var buffer = new byte[2000];
        var writer = new RtpPacketWriter(buffer, view.Ssrc, view.PayloadType, view.SequenceNumber, view.TimestampTicks, view.Marker);
        foreach (var element in view.Extensions)
        {
            Assert.That(writer.TryAddExtension(element.Id, element.Value), Is.True);
        }

        Assert.That(writer.TryAddPayload(view.Payload), Is.True);
        if (view.PaddingLength > 0)
        {
            Assert.That(writer.TryAddPadding(view.PaddingLength), Is.True);
        }

        return buffer[..writer.Complete()];
    }
}
