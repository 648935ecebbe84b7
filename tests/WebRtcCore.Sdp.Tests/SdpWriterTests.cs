using CsCheck;

namespace WebRtcCore.Sdp.Tests;

public class SdpWriterTests
{
    private static readonly string[] Injections = ["x\r\na=evil", "x\na=evil", "x\ra=evil", "x\0"];

    [TestCaseSource(nameof(Injections))]
    public void Line_break_in_any_text_is_an_argument_error(string text)
    {
        var media = new SdpMedia("audio", 9, SdpMedia.RtpProtocol, ["0"]);
        Assert.Multiple(() =>
        {
            Assert.That(() => new SdpAttribute("x", text), Throws.ArgumentException);
            Assert.That(() => new SdpAttribute(text), Throws.ArgumentException);
            Assert.That(() => new SdpLine('c', text), Throws.ArgumentException);
            Assert.That(() => new SdpOrigin { Username = text }, Throws.ArgumentException);
            Assert.That(() => new SdpOrigin { Address = text }, Throws.ArgumentException);
            Assert.That(() => new SdpSession { Name = text }, Throws.ArgumentException);
            Assert.That(() => new SdpMedia(text, 9, SdpMedia.RtpProtocol, ["0"]), Throws.ArgumentException);
            Assert.That(() => new SdpMedia("audio", 9, text, ["0"]), Throws.ArgumentException);
            Assert.That(() => new SdpMedia("application", 9, SdpMedia.SctpProtocol, [text]), Throws.ArgumentException);
            Assert.That(() => new SdpMedia("audio", 9, SdpMedia.RtpProtocol, [text]), Throws.ArgumentException);
            Assert.That(() => media.Mid = text, Throws.ArgumentException);
            Assert.That(() => media.Connection = text, Throws.ArgumentException);
            Assert.That(() => media.Attributes.Add(SdpAttributeNames.Candidate, text), Throws.ArgumentException);
            Assert.That(() => media.Attributes.Set("x", text), Throws.ArgumentException);
            Assert.That(() => media.Attributes.Add(new SdpMsid(text, "t")), Throws.ArgumentException);
            Assert.That(() => media.Attributes.Add(new SdpMsid("s", text)), Throws.ArgumentException);
            Assert.That(() => media.Attributes.Add(new SdpRid(text, true)), Throws.ArgumentException);
            Assert.That(() => media.Attributes.Add(new SdpRid("h", true, text)), Throws.ArgumentException);
            Assert.That(() => media.Attributes.Add(new SdpSsrc(1, "cname", text)), Throws.ArgumentException);
            Assert.That(() => media.Attributes.Add(new SdpFormatParameters(0, text)), Throws.ArgumentException);
            Assert.That(() => media.Attributes.Add(new SdpExtensionMap(1, text)), Throws.ArgumentException);
            Assert.That(() => media.Attributes.Add(new SdpRtpMap(1, text, 8000)), Throws.ArgumentException);
            Assert.That(() => media.Attributes.Add(new SdpGroup(SdpGroup.Bundle, [text])), Throws.ArgumentException);
            Assert.That(() => media.Attributes.Add(new SdpSimulcast([[new SdpSimulcastStream(text)]], [])), Throws.ArgumentException);
        });
        Assert.That(media.Attributes, Is.Empty);
    }

    [Test]
    public void New_session_is_the_smallest_valid_description() =>
        Assert.That(new SdpSession().ToString(), Is.EqualTo("v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"));

    [Test]
    public void Whatever_text_is_accepted_stays_within_its_line()
    {
        Gen.String.Sample(text =>
        {
            var session = new SdpSession();
            try
            {
                session.Attributes.Add("x", text);
            }
            catch (ArgumentException)
            {
                return;
            }

            Assert.That(SdpSession.TryParse(session.ToString(), out var parsed, out _), Is.True);
            Assert.That(parsed!.Attributes, Has.Count.EqualTo(1));
            Assert.That(parsed.Attributes.GetValue("x"), Is.EqualTo(text));
        });
    }

    [Test]
    public void Built_session_reads_back()
    {
        var session = new SdpSession { Origin = new SdpOrigin { SessionId = ulong.MaxValue, SessionVersion = 3 } };
        session.Attributes.Add(new SdpGroup(SdpGroup.Bundle, ["a", "b"]));
        var media = new SdpMedia("video", 9, SdpMedia.RtpProtocol, ["96", "97"]) { Connection = "IN IP4 0.0.0.0", Mid = "a", Direction = SdpDirection.RecvOnly };
        media.Attributes.Add(new SdpRtpMap(96, "VP8", 90000));
        session.Media.Add(media);
        media.Connection = "IN IP4 10.0.0.1";
        media.Direction = SdpDirection.SendOnly;
        media.Port = 4000;

        var parsed = SdpCorpus.Parse(session.ToString());

        Assert.That(parsed.Origin, Is.EqualTo(session.Origin));
        Assert.That(parsed.GetBundleGroup()!.Mids, Is.EqualTo(new[] { "a", "b" }));
        Assert.That(parsed.Media[0].Connection, Is.EqualTo("IN IP4 10.0.0.1"));
        Assert.That(parsed.Media[0].Direction, Is.EqualTo(SdpDirection.SendOnly));
        Assert.That(parsed.Media[0].PayloadTypes, Is.EqualTo(new byte[] { 96, 97 }));
        Assert.That(parsed.ToString(), Is.EqualTo(session.ToString()));
    }
}
