using System.Text;
using WebRtcCore.Sdp;

namespace WebRtcCore.Fuzz.Parsers;

/// <summary>Session descriptions and every typed attribute: what parses writes to text that parses and writes to the same.</summary>
internal sealed class SdpTarget : FuzzTarget
{
    public override string Name => "sdp";

    public override IEnumerable<byte[]> Seeds() => SeedFiles.Text("corpus/sdp", "*.sdp", maxLength: 4000, count: 40);

    public override void Run(ReadOnlySpan<byte> input)
    {
        if (!SdpSession.TryParse(Encoding.UTF8.GetString(input), out var session, out _))
        {
            return;
        }

        _ = (session.GetBundleGroup(), session.FindMedia("0"));
        ReadAll(session.Attributes);
        foreach (var media in session.Media)
        {
            ReadAll(media.Attributes);
            _ = (media.Mid, media.Direction, media.Connection, media.PayloadTypes, media.SctpPort, media.MaxMessageSize, media.IsRejected);
            _ = (session.GetDirection(media), session.GetSetup(media), session.GetFingerprints(media).Count, session.GetValue(media, "ice-ufrag"));
        }

        var text = session.ToString();
        Require(SdpSession.TryParse(text, out var again, out var error), $"What is written parses: {error}");
        Require(again!.ToString() == text, "Writing is stable.");
    }

    private static void ReadAll(SdpAttributeList attributes)
    {
        foreach (var attribute in attributes)
        {
            var value = attribute.Value.Span;
            SdpExtensionMap.TryParse(value, out _);
            SdpRtcpFeedback.TryParse(value, out _);
            SdpSimulcast.TryParse(value, out _);
            SdpSsrcGroup.TryParse(value, out _);
            SdpRtpMap.TryParse(value, out _);
            SdpSsrc.TryParse(value, out _);
            SdpMsid.TryParse(value, out _);
            SdpFingerprint.TryParse(value, out _);
            SdpSetup.TryParse(value, out _);
            SdpRid.TryParse(value, out _);
            SdpRtcp.TryParse(value, out _);
            SdpFormatParameters.TryParse(value, out _);
            SdpSctpMap.TryParse(value, out _);
            SdpGroup.TryParse(value, out _);
        }
    }
}
