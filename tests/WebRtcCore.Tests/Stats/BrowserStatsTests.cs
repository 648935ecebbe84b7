using System.Text.Json;
using WebRtcCore.Testing;

namespace WebRtcCore.Tests.Stats;

/// <summary>Holds the records against what the browsers print (tests/corpus/stats).</summary>
[TestFixture]
public sealed class BrowserStatsTests
{
    // Members outside webrtc-stats, or older names of members that are there.
    private static readonly HashSet<string> NotStandard =
    [
        "mediaType", "ip", "isRemote", "networkType", "writable", "readable", "selected", "discardedPackets", "googTimingFrameInfo", "codecType",
    ];

    // In webrtc-stats, but in no recording: no TURN, FEC stream, certificate chain or bandwidth estimate was in play.
    private static readonly HashSet<string> NotRecorded =
    [
        "local-candidate.url", "local-candidate.relayProtocol", "local-candidate.relatedAddress", "local-candidate.relatedPort",
        "remote-candidate.url", "remote-candidate.relayProtocol", "remote-candidate.relatedAddress", "remote-candidate.relatedPort",
        "remote-candidate.tcpType", "candidate-pair.availableIncomingBitrate", "certificate.issuerCertificateId", "inbound-rtp.fecSsrc",
        "inbound-rtp.fecBytesReceived", "inbound-rtp.estimatedPlayoutTimestamp", "inbound-rtp.framesRendered", "outbound-rtp.rid",
        "remote-inbound-rtp.packetsReceivedWithCe", "remote-inbound-rtp.packetsReceivedWithEct1",
    ];

    private static IEnumerable<string> Files => TestData.Files("corpus/stats", "*.json")
        .Where(file => !file.EndsWith(".events.json", StringComparison.Ordinal))
        .Select(file => Path.GetFileName(file));

    [TestCaseSource(nameof(Files))]
    public void Keeps_every_standard_member_that_a_browser_prints(string file)
    {
        var original = JsonDocument.Parse(TestData.ReadText("corpus/stats/" + file)).RootElement;
        var printed = JsonDocument.Parse(StatsReport.FromJson(original.GetRawText()).ToJson()).RootElement;

        var compared = 0;
        foreach (var entry in original.EnumerateObject())
        {
            var copy = printed.GetProperty(entry.Name);
            foreach (var member in entry.Value.EnumerateObject().Where(member => IsKept(member)))
            {
                Assert.That(copy.TryGetProperty(member.Name, out var value), Is.True, $"{entry.Name}.{member.Name} is lost");
                Assert.That(Same(member.Value, value), Is.True, $"{entry.Name}.{member.Name}: {member.Value} became {value}");
                compared++;
            }
        }

        Assert.That(compared, Is.GreaterThan(50));
    }

    [Test]
    public void Prints_only_members_that_browsers_print_or_webrtc_stats_names()
    {
        var recorded = Files
            .SelectMany(file => JsonDocument.Parse(TestData.ReadText("corpus/stats/" + file)).RootElement.EnumerateObject())
            .SelectMany(entry => entry.Value.EnumerateObject().Select(member => $"{TypeOf(entry.Value)}.{member.Name}"))
            .ToHashSet();
        var printed = JsonDocument.Parse(new StatsReport(SampleStats.Filled).ToJson()).RootElement.EnumerateObject()
            .SelectMany(entry => entry.Value.EnumerateObject().Select(member => $"{TypeOf(entry.Value)}.{member.Name}"));

        Assert.That(printed.Where(name => !recorded.Contains(name) && !NotRecorded.Contains(name)), Is.Empty);
    }

    private static string? TypeOf(JsonElement entry) => entry.GetProperty("type").GetString();

    // Firefox prints null for what does not apply, and "cancelled" for pairs that it gave up: no value of RTCStatsIceCandidatePairState.
    private static bool IsKept(JsonProperty member) =>
        !NotStandard.Contains(member.Name) && member.Value.ValueKind != JsonValueKind.Null &&
        !(member.Name == "state" && member.Value.GetString() == "cancelled");

    private static bool Same(JsonElement expected, JsonElement actual) => expected.ValueKind switch
    {
        // Durations keep seven digits behind the point, times three.
        JsonValueKind.Number => Math.Abs(expected.GetDouble() - actual.GetDouble()) <= Math.Max(1e-7, Math.Abs(expected.GetDouble()) * 1e-12),
        JsonValueKind.Object => expected.EnumerateObject().All(member => actual.TryGetProperty(member.Name, out var value) && Same(member.Value, value)),
        JsonValueKind.String => expected.GetString() == actual.GetString(),
        _ => expected.ValueKind == actual.ValueKind,
    };
}
