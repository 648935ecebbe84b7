using System.Text.Json;

namespace WebRtcCore.Tests.Stats;

[TestFixture]
public sealed class StatsReportTests
{
    [Test]
    public void Names_every_type_by_its_w3c_string()
    {
        var names = new StatsReport(SampleStats.All).Values.Select(entry => entry.Type.ToW3CString()).Distinct();

        Assert.That(names, Is.EquivalentTo(Enum.GetValues<StatsType>().Select(type => type.ToW3CString())));
        Assert.That(
            names,
            Is.SupersetOf(new[] { "peer-connection", "candidate-pair", "local-candidate", "inbound-rtp", "remote-outbound-rtp", "media-source", "data-channel" }));
    }

    [Test]
    public void Prints_entries_by_id_with_id_timestamp_and_type_first()
    {
        var report = new StatsReport([new PeerConnectionStats { Id = "P", Timestamp = SampleStats.Time, DataChannelsOpened = 3 }]);

        Assert.That(
            report.ToJson(),
            Is.EqualTo("""{"P":{"id":"P","timestamp":1795391478648.126,"type":"peer-connection","dataChannelsOpened":3,"dataChannelsClosed":0}}"""));
    }

    [Test]
    public void Prints_durations_in_seconds_and_enums_as_w3c_strings()
    {
        var report = new StatsReport(
        [
            new IceCandidatePairStats
            {
                Id = "CP",
                Timestamp = DateTimeOffset.UnixEpoch,
                State = StatsIceCandidatePairState.InProgress,
                CurrentRoundTripTime = TimeSpan.FromMilliseconds(3),
                AvailableOutgoingBitrateBps = 3_501_538,
            },
        ]);

        var pair = JsonDocument.Parse(report.ToJson()).RootElement.GetProperty("CP");
        Assert.Multiple(() =>
        {
            Assert.That(pair.GetProperty("timestamp").GetRawText(), Is.EqualTo("0"));
            Assert.That(pair.GetProperty("currentRoundTripTime").GetRawText(), Is.EqualTo("0.003"));
            Assert.That(pair.GetProperty("state").GetString(), Is.EqualTo("in-progress"));
            Assert.That(pair.GetProperty("availableOutgoingBitrate").GetDouble(), Is.EqualTo(3_501_538));
        });
    }

    [Test]
    public void Leaves_out_what_is_not_known()
    {
        var report = new StatsReport([new InboundRtpStreamStats { Id = "I", Timestamp = SampleStats.Time }]);

        var members = JsonDocument.Parse(report.ToJson()).RootElement.GetProperty("I").EnumerateObject().Select(member => member.Name);
        Assert.That(members, Is.EquivalentTo(new[] { "id", "timestamp", "type", "ssrc", "kind", "bytesReceived" }));
    }

    [Test]
    public void Reads_back_what_it_prints()
    {
        var printed = new StatsReport(SampleStats.Filled).ToJson();
        var read = StatsReport.FromJson(printed);

        Assert.Multiple(() =>
        {
            Assert.That(read.Keys, Is.EqualTo(SampleStats.All.Select(entry => entry.Id)));
            Assert.That(read.Values.Select(entry => entry.GetType()), Is.EqualTo(SampleStats.All.Select(entry => entry.GetType())));
            Assert.That(read.ToJson(), Is.EqualTo(printed));
        });
    }

    [Test]
    public void Finds_entries_by_id_and_type()
    {
        var pair = new IceCandidatePairStats { Id = "CP", Timestamp = SampleStats.Time };
        var transport = new TransportStats { Id = "T", Timestamp = SampleStats.Time, SelectedCandidatePairId = "CP", LocalCertificateId = "gone" };
        var report = new StatsReport([transport, pair]);

        Assert.Multiple(() =>
        {
            Assert.That(report.Find<IceCandidatePairStats>(transport.SelectedCandidatePairId), Is.SameAs(pair));
            Assert.That(report.Find<CertificateStats>(transport.LocalCertificateId), Is.Null);
            Assert.That(report.Find<CertificateStats>("CP"), Is.Null);
            Assert.That(report.Find<CertificateStats>(null), Is.Null);
            Assert.That(report.GetAll<TransportStats>(), Is.EqualTo(new[] { transport }));
            Assert.That(report, Has.Count.EqualTo(2));
            Assert.That(report.ContainsKey("T"), Is.True);
            Assert.That(report["T"], Is.SameAs(transport));
        });
    }

    [Test]
    public void Refuses_two_entries_of_one_id() =>
        Assert.That(() => new StatsReport([SampleStats.All[0], SampleStats.All[0]]), Throws.ArgumentException);

    [TestCase("")]
    [TestCase("[]")]
    [TestCase("1")]
    [TestCase("""{"P":{"id":"P","type":"peer-connection"}}""")]
    [TestCase("""{"P":{"id":"P","timestamp":-1,"type":"peer-connection"}}""")]
    [TestCase("""{"P":{"id":"P","timestamp":1e300,"type":"peer-connection"}}""")]
    [TestCase("""{"CP":{"id":"CP","timestamp":1,"type":"candidate-pair","currentRoundTripTime":1e27}}""")]
    [TestCase("""{"CP":{"id":"CP","timestamp":1,"type":"candidate-pair","state":7}}""")]
    public void Refuses_text_that_is_no_report(string json) =>
        Assert.That(() => StatsReport.FromJson(json), Throws.InstanceOf<JsonException>());

    [TestCase("{}")]
    [TestCase("""{"X":{"id":"X","timestamp":1,"type":"media-future"}}""")]
    [TestCase("""{"X":{"id":"X","timestamp":1}}""")]
    [TestCase("""{"X":7}""")]
    public void Skips_entries_of_unknown_types(string json) => Assert.That(StatsReport.FromJson(json), Is.Empty);
}
