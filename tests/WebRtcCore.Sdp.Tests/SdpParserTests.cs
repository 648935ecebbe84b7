using System.Text;

namespace WebRtcCore.Sdp.Tests;

public class SdpParserTests
{
    private const string Head = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n";
    private const string Audio = "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n";

    [TestCase("", SdpErrorKind.Empty, 0)]
    [TestCase("v=1\r\n", SdpErrorKind.InvalidVersion, 1)]
    [TestCase("v=0\r\ns=-\r\n", SdpErrorKind.InvalidOrigin, 2)]
    [TestCase("v=0\r\no=- 1 18446744073709551616 IN IP4 1.2.3.4\r\ns=-\r\n", SdpErrorKind.InvalidOrigin, 2)]
    [TestCase("v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\nt=0 0\r\n", SdpErrorKind.MissingSessionName, 3)]
    [TestCase(Head + "x=1\r\n", SdpErrorKind.InvalidLine, 5)]
    [TestCase(Head + "nonsense\r\n", SdpErrorKind.InvalidLine, 5)]
    [TestCase(Head + "\r\na=mid:0\r\n", SdpErrorKind.InvalidLine, 5)]
    [TestCase(Head + "a=x:\0\r\n", SdpErrorKind.InvalidCharacter, 5)]
    [TestCase(Head + "a=x:a\rb\r\n", SdpErrorKind.InvalidCharacter, 5)]
    [TestCase(Head + "m=audio\r\n", SdpErrorKind.InvalidMediaLine, 5)]
    [TestCase(Head + "m=audio 65536 UDP/TLS/RTP/SAVPF 0\r\n", SdpErrorKind.InvalidMediaLine, 5)]
    [TestCase(Head + "m=audio -1 UDP/TLS/RTP/SAVPF 0\r\n", SdpErrorKind.InvalidMediaLine, 5)]
    [TestCase(Head + "m=audio 9 UDP/TLS/RTP/SAVPF 128\r\n", SdpErrorKind.InvalidPayloadType, 5)]
    [TestCase(Head + "m=audio 9 UDP/TLS/RTP/SAVPF opus\r\n", SdpErrorKind.InvalidPayloadType, 5)]
    [TestCase(Head + "m=audio 9 UDP/TLS/RTP/SAVPF 99999999999999999999\r\n", SdpErrorKind.InvalidPayloadType, 5)]
    [TestCase(Head + Audio + "a=mid:0\r\n" + Audio + "a=mid:0\r\n", SdpErrorKind.DuplicateMid, 8)]
    public void Fault_is_named_with_its_line(string text, SdpErrorKind kind, int line)
    {
        Assert.That(SdpSession.TryParse(text, out var session, out var error), Is.False);
        Assert.That(session, Is.Null);
        Assert.That((error!.Kind, error.LineNumber), Is.EqualTo((kind, line)));
    }

    [TestCase("rtpmap:128 opus/48000/2")]
    [TestCase("rtpmap:111 opus")]
    [TestCase("rtpmap:111 opus/4294967296")]
    [TestCase("rtpmap:111 opus/0")]
    [TestCase("rtpmap:111 opus/48000/0")]
    [TestCase("rtpmap")]
    [TestCase("fmtp:200 a=b")]
    [TestCase("rtcp-fb:111")]
    [TestCase("rtcp-fb:128 nack")]
    [TestCase("extmap:0 urn:x")]
    [TestCase("extmap:4352 urn:x")]
    [TestCase("extmap:1/sideways urn:x")]
    [TestCase("extmap:1")]
    [TestCase("ssrc:4294967296 cname:x")]
    [TestCase("ssrc:-1 cname:x")]
    [TestCase("ssrc-group:FID 1 x")]
    [TestCase("mid:")]
    [TestCase("mid:a b")]
    [TestCase("msid:")]
    [TestCase("group:BUNDLE a,b")]
    [TestCase("fingerprint:sha-256")]
    [TestCase("fingerprint:sha-256 AB:C")]
    [TestCase("fingerprint:sha-256 AB:CG")]
    [TestCase("setup:maybe")]
    [TestCase("ice-ufrag:abc")]
    [TestCase("ice-pwd:short")]
    [TestCase("candidate:")]
    [TestCase("rtcp:70000")]
    [TestCase("rid:h both")]
    [TestCase("rid:h/1 send")]
    [TestCase("simulcast:send h;;m")]
    [TestCase("simulcast:send h send m")]
    [TestCase("simulcast:h;m")]
    [TestCase("sctp-port:65536")]
    [TestCase("sctp-port:5000x")]
    [TestCase("sctpmap:5000")]
    [TestCase("max-message-size:18446744073709551616")]
    [TestCase("max-message-size:-1")]
    [TestCase("two words:1")]
    [TestCase("")]
    public void Malformed_known_attribute_is_a_typed_error(string attribute)
    {
        Assert.That(SdpSession.TryParse(Head + Audio + "a=" + attribute + "\r\n", out _, out var error), Is.False);
        Assert.That((error!.Kind, error.LineNumber), Is.EqualTo((SdpErrorKind.InvalidAttribute, 6)));
    }

    [Test]
    public void Longest_text_is_one_mebibyte()
    {
        var filler = "a=x:" + new string('y', SdpLimits.MaxLength - Head.Length - 6) + "\r\n";
        Assert.That(SdpSession.TryParse(Head + filler, out _, out _), Is.True);
        Assert.That(SdpSession.TryParse(Head + filler + "z", out _, out var error), Is.False);
        Assert.That(error!.Kind, Is.EqualTo(SdpErrorKind.TooLong));
    }

    [Test]
    public void Most_media_sections_are_256()
    {
        var text = new StringBuilder(Head);
        for (var i = 0; i < 256; i++)
        {
            text.Append(Audio).Append("a=mid:").Append(i).Append("\r\n");
        }

        Assert.That(SdpSession.TryParse(text.ToString(), out _, out _), Is.True);
        text.Append(Audio);
        Assert.That(SdpSession.TryParse(text.ToString(), out _, out var error), Is.False);
        Assert.That((error!.Kind, error.LineNumber), Is.EqualTo((SdpErrorKind.TooManyMediaSections, 4 + 512 + 1)));
    }

    [Test]
    public void Most_formats_of_a_media_section_are_256()
    {
        var text = Head + "m=audio 9 UDP/TLS/RTP/SAVPF" + string.Concat(Enumerable.Repeat(" 0", 257)) + "\r\n";
        Assert.That(SdpSession.TryParse(text, out _, out var error), Is.False);
        Assert.That(error!.Kind, Is.EqualTo(SdpErrorKind.TooManyFormats));
    }

    [Test]
    public void Line_ends_may_be_bare_and_the_last_one_missing()
    {
        var session = SdpCorpus.Parse((Head + Audio + "a=mid:0").ReplaceLineEndings("\n"));
        Assert.That(session.Media[0].Mid, Is.EqualTo("0"));
    }

    [Test]
    public void Unknown_attributes_and_lines_keep_their_order()
    {
        const string Text = Head + "a=zzz\r\na=aaa:1\r\na=zzz:2\r\nm=text 9 UDP/TLS/RTP/SAVPF 98\r\ni=hello\r\nc=IN IP4 0.0.0.0\r\nb=AS:30\r\na=later:\r\na=sooner\r\n";
        Assert.That(SdpCorpus.Parse(Text).ToString(), Is.EqualTo(Text));
    }

    [Test]
    public void Formats_that_are_not_payload_types_are_fine_outside_rtp()
    {
        var media = SdpCorpus.Parse(Head + "m=application 9 DTLS/SCTP 5000\r\na=sctpmap:5000 webrtc-datachannel 1024\r\n").Media[0];
        Assert.That(media.IsSctp, Is.True);
        Assert.That(media.SctpPort, Is.EqualTo(5000));
        Assert.That(media.Attributes.TryGet<SdpSctpMap>(out var map) ? map.Streams : null, Is.EqualTo(1024u));
    }

    [Test]
    public void Attributes_of_payload_types_that_the_media_section_does_not_list_are_kept()
    {
        var media = SdpCorpus.Parse(Head + Audio + "a=rtcp-fb:99 nack\r\na=fmtp:99 x=1\r\na=rtcp-fb:* nack\r\n").Media[0];
        Assert.That(media.Attributes.GetAll<SdpRtcpFeedback>().Select(f => f.PayloadType), Is.EqualTo(new byte?[] { 99, null }));
    }

    [Test]
    public void Every_prefix_of_a_description_parses_or_fails_without_throwing()
    {
        var text = SdpCorpus.Read("chromium-firefox/simulcast3.1.offer.sdp");
        for (var length = 0; length < text.Length; length++)
        {
            AssertConsistent(text[..length]);
        }
    }

    [Test]
    public void No_changed_character_makes_the_parser_throw()
    {
        foreach (var name in new[] { "chromium-chromium/data.1.offer.sdp", "firefox-firefox/simulcast3.1.offer.sdp", "firefox-firefox/data.1.answer.sdp" })
        {
            var text = SdpCorpus.Read(name).ToCharArray();
            for (var i = 0; i < text.Length; i++)
            {
                var original = text[i];
                foreach (var replacement in "\0\r\n :/=;,~0Az\u00ff\uffff")
                {
                    text[i] = replacement;
                    AssertConsistent(new string(text));
                }

                text[i] = original;
            }
        }
    }

    [Test]
    public void Nothing_about_a_null_text_throws()
    {
        Assert.That(SdpSession.TryParse(null, out _, out var error), Is.False);
        Assert.That(error!.Kind, Is.EqualTo(SdpErrorKind.Empty));
    }

    [Test]
    public void A_megabyte_of_lines_is_read_in_one_pass()
    {
        var text = Head + Audio + string.Concat(Enumerable.Repeat("a=ssrc:1 cname:x\r\n", 50_000));
        Assert.That(SdpCorpus.Parse(text).Media[0].Attributes, Has.Count.EqualTo(50_000));
    }

    private static void AssertConsistent(string text)
    {
        if (SdpSession.TryParse(text, out var session, out var error))
        {
            var written = session.ToString();
            Assert.That(SdpSession.TryParse(written, out var again, out _), Is.True);
            Assert.That(again!.ToString(), Is.EqualTo(written));
        }
        else
        {
            Assert.That(error, Is.Not.Null);
        }
    }
}
