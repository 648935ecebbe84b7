using CsCheck;

namespace WebRtcCore.Sdp.Tests;

public class SdpAttributeTests
{
    private static readonly Gen<string> GenToken = Gen.Char["abcXYZ019-_"].Array[1, 8].Select(c => new string(c));

    [Test]
    public void Rtp_map_survives_the_round_trip() =>
        Gen.Select(Gen.Byte[0, 127], GenToken, Gen.UInt[1, uint.MaxValue], Gen.UInt[0, 8])
            .Select((pt, name, rate, channels) => new SdpRtpMap(pt, name, rate, channels == 0 ? null : channels))
            .Sample(AssertRoundTrip);

    [Test]
    public void Extension_map_survives_the_round_trip() =>
        Gen.Select(Gen.Int[1, SdpLimits.MaxExtensionId], GenToken, Gen.Int[-1, 3], Gen.OneOf(GenToken, Gen.Const("")))
            .Select((id, uri, direction, rest) => new SdpExtensionMap(id, "urn:" + uri, direction < 0 ? null : (SdpDirection)direction, rest))
            .Sample(AssertRoundTrip);

    [Test]
    public void Feedback_survives_the_round_trip() =>
        Gen.Select(Gen.Int[-1, 127], GenToken, Gen.OneOf(GenToken, Gen.Const("")))
            .Select((pt, type, parameter) => new SdpRtcpFeedback(pt < 0 ? null : (byte)pt, type, parameter))
            .Sample(AssertRoundTrip);

    [Test]
    public void Ssrc_survives_the_round_trip() =>
        Gen.Select(Gen.UInt, GenToken, GenToken).Select((ssrc, name, value) => new SdpSsrc(ssrc, name, value)).Sample(AssertRoundTrip);

    [Test]
    public void Simulcast_survives_the_round_trip() =>
        Gen.Select(GenToken, Gen.Bool).Select((rid, paused) => new SdpSimulcastStream(rid, paused)).Array[1, 3].Array[1, 4].Sample(streams =>
        {
            var written = new SdpSimulcast(streams, streams).ToValue();
            Assert.That(SdpSimulcast.TryParse(written, out var parsed), Is.True);
            Assert.That(parsed!.Send, Is.EqualTo(streams));
            Assert.That(parsed.ToValue(), Is.EqualTo(written));
        });

    [Test]
    public void Fingerprint_is_normalised_in_case()
    {
        Assert.That(SdpFingerprint.TryParse("SHA-256 ab:0f", out var fingerprint), Is.True);
        Assert.That(fingerprint, Is.EqualTo(new SdpFingerprint("sha-256", "AB:0F")));
    }

    [Test]
    public void Media_attribute_overrides_the_session_one()
    {
        var session = SdpCorpus.Parse(
            "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=inactive\r\na=setup:actpass\r\na=fingerprint:sha-256 AA\r\na=ice-ufrag:aaaa\r\n" +
            "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=sendonly\r\na=setup:active\r\na=fingerprint:sha-256 BB\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\n");
        var (own, inherited) = (session.Media[0], session.Media[1]);
        Assert.That(session.GetDirection(own), Is.EqualTo(SdpDirection.SendOnly));
        Assert.That(session.GetDirection(inherited), Is.EqualTo(SdpDirection.Inactive));
        Assert.That(session.GetSetup(own), Is.EqualTo(SdpSetupRole.Active));
        Assert.That(session.GetSetup(inherited), Is.EqualTo(SdpSetupRole.ActPass));
        Assert.That(session.GetFingerprints(own).Single().Value, Is.EqualTo("BB"));
        Assert.That(session.GetFingerprints(inherited).Single().Value, Is.EqualTo("AA"));
        Assert.That(session.GetValue(inherited, SdpAttributeNames.IceUfrag), Is.EqualTo("aaaa"));
    }

    [TestCase("max-message-size:0", 0L)]
    [TestCase("max-message-size:1073741823", 1073741823L)]
    [TestCase("max-message-size:18446744073709551615", long.MaxValue)]
    [TestCase("x", null)]
    public void Max_message_size_is_read(string attribute, long? expected)
    {
        var session = SdpCorpus.Parse("v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=" + attribute + "\r\n");
        Assert.That(session.Media[0].MaxMessageSize, Is.EqualTo(expected));
    }

    [Test]
    public void Port_zero_means_rejected_unless_bundle_only()
    {
        var media = new SdpMedia("audio", 0, SdpMedia.RtpProtocol, ["0"]);
        Assert.That(media.IsRejected, Is.True);
        media.Attributes.Add(SdpAttributeNames.BundleOnly);
        Assert.That(media.IsRejected, Is.False);
    }

    [Test]
    public void Set_replaces_the_first_and_removes_the_others()
    {
        var list = new SdpAttributeList();
        list.Add("a", "1");
        list.Add("b");
        list.Add("a", "2");
        list.Set("a", "3");
        Assert.That(list.Select(a => a.ToString()), Is.EqualTo(new[] { "a:3", "b" }));
    }

    [Test]
    public void Parsing_allocates_about_as_much_as_the_attribute_table()
    {
        var text = SdpCorpus.Read("chromium-chromium/av-data.1.offer.sdp");
        _ = SdpSession.TryParse(text, out _, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        _ = SdpSession.TryParse(text, out _, out _);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        TestContext.Out.WriteLine($"{allocated} bytes for {text.Length} characters");
        Assert.That(allocated, Is.LessThan(8_000));
    }

    private static void AssertRoundTrip<T>(T attribute)
        where T : ISdpAttribute<T>
    {
        Assert.That(T.TryParse(attribute.ToValue(), out var parsed), Is.True);
        Assert.That(parsed, Is.EqualTo(attribute));
    }
}
