namespace WebRtcCore.Sdp.Tests;

public class SdpCorpusTests
{
    [Test]
    public void Corpus_is_there() => Assert.That(SdpCorpus.Names.Count(), Is.GreaterThan(300));

    [TestCaseSource(typeof(SdpCorpus), nameof(SdpCorpus.Names))]
    public void Description_is_written_again_to_the_letter(string name)
    {
        var text = SdpCorpus.Read(name);
        var session = SdpCorpus.Parse(text);
        Assert.That(session.ToString(), Is.EqualTo(text.ReplaceLineEndings("\r\n")));
    }

    [TestCaseSource(typeof(SdpCorpus), nameof(SdpCorpus.Names))]
    public void Typed_attributes_say_the_same_when_written_again(string name)
    {
        var session = SdpCorpus.Parse(SdpCorpus.Read(name));
        foreach (var media in session.Media)
        {
            AssertSame<SdpRtpMap>(media);
            AssertSame<SdpFormatParameters>(media);
            AssertSame<SdpRtcpFeedback>(media);
            AssertSame<SdpExtensionMap>(media);
            AssertSame<SdpSsrc>(media);
            AssertSame<SdpSsrcGroup>(media);
            AssertSame<SdpMsid>(media);
            AssertSame<SdpRid>(media);
            AssertSame<SdpSimulcast>(media);
            AssertSame<SdpSetup>(media);
            AssertSame<SdpFingerprint>(media);
            AssertSame<SdpRtcp>(media);
        }
    }

    [TestCaseSource(typeof(SdpCorpus), nameof(SdpCorpus.Names))]
    public void Every_media_section_has_what_a_transport_needs(string name)
    {
        var session = SdpCorpus.Parse(SdpCorpus.Read(name));
        foreach (var media in session.Media.Where(m => !m.IsRejected))
        {
            Assert.That(media.Mid, Is.Not.Null);
            Assert.That(session.GetValue(media, SdpAttributeNames.IceUfrag), Is.Not.Null);
            Assert.That(session.GetValue(media, SdpAttributeNames.IcePwd), Is.Not.Null);
            Assert.That(session.GetFingerprints(media), Is.Not.Empty);
            Assert.That(session.GetSetup(media), Is.Not.Null);
            Assert.That(media.IsSctp ? media.SctpPort : 5000, Is.EqualTo(5000));
            Assert.That(media.IsRtp, Is.Not.EqualTo(media.IsSctp));
        }
    }

    private static void AssertSame<T>(SdpMedia media)
        where T : ISdpAttribute<T>
    {
        var before = media.Attributes.GetValues(T.AttributeName).ToArray();
        var after = media.Attributes.GetAll<T>().Select(a => a.ToValue()).ToArray();
        Assert.That(after, Is.EqualTo(before));
    }
}
