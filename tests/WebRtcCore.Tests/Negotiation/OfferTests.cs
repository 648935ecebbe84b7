using WebRtcCore.Sdp;

namespace WebRtcCore.Tests.Negotiation;

public class OfferTests
{
    [Test]
    public void Offer_of_audio_video_and_data_has_the_form_of_the_browsers()
    {
        var peer = new NegotiationPeer();
        peer.AddTrack(MediaKind.Audio);
        peer.AddTrack(MediaKind.Video);
        peer.Negotiator.RequestDataChannel();
        var sdp = NegotiationPeer.Parse(peer.Offer().Sdp);

        Assert.That(sdp.GetBundleGroup()!.Mids, Is.EqualTo(new[] { "0", "1", "2" }));
        Assert.That(sdp.Media.Select(m => m.Kind), Is.EqualTo(new[] { "audio", "video", "application" }));
        foreach (var media in sdp.Media)
        {
            Assert.That(media.Port, Is.EqualTo(9));
            Assert.That(media.Connection, Is.EqualTo("IN IP4 0.0.0.0"));
            Assert.That(media.Attributes.GetValue("ice-ufrag"), Is.EqualTo(peer.Local.Ice.UsernameFragment));
            Assert.That(media.Attributes.GetValue("ice-pwd"), Is.EqualTo(peer.Local.Ice.Password));
            Assert.That(media.Attributes.GetValue("ice-options"), Is.EqualTo("trickle ice2 renomination"));
            Assert.That(sdp.GetFingerprints(media), Has.Count.EqualTo(1));
            Assert.That(sdp.GetSetup(media), Is.EqualTo(SdpSetupRole.ActPass));
        }

        Assert.That(sdp.Media[0].Protocol, Is.EqualTo("UDP/TLS/RTP/SAVPF"));
        Assert.That(sdp.Media[0].Formats, Is.EqualTo(new[] { "111", "63", "9", "0", "8", "110", "126" }));
        Assert.That(sdp.Media[0].Attributes.GetValues("rtpmap").First(), Is.EqualTo("111 opus/48000/2"));
        Assert.That(sdp.Media[1].Attributes.GetValues("rtpmap").Take(2), Is.EqualTo(new[] { "96 VP8/90000", "97 rtx/90000" }));
        Assert.That(sdp.Media[1].Attributes.GetValues("fmtp").First(), Is.EqualTo("apt=96").Or.EqualTo("97 apt=96"));
        Assert.That(sdp.Media.Take(2).All(m => m.HasRtcpMux && m.Attributes.Contains("rtcp-rsize")), Is.True);
        Assert.That(sdp.Media[1].Attributes.TryGet<SdpSsrcGroup>(out var fid) ? fid.Ssrcs.Count : 0, Is.EqualTo(2));
        Assert.That(sdp.Media[0].Attributes.GetValue("msid"), Does.StartWith("s "));
        Assert.That(sdp.Media[2].Formats, Is.EqualTo(new[] { "webrtc-datachannel" }));
        Assert.That(sdp.Media[2].SctpPort, Is.EqualTo(5000));
        Assert.That(sdp.Media[2].MaxMessageSize, Is.EqualTo(262_144));
    }

    [Test]
    public void Header_extension_ids_are_the_same_in_all_bundled_sections()
    {
        var peer = new NegotiationPeer();
        peer.Add(MediaKind.Audio);
        peer.Add(MediaKind.Video);
        var lines = NegotiationPeer.Parse(peer.Offer().Sdp).Media.SelectMany(m => m.Attributes.GetAll<SdpExtensionMap>()).Distinct().ToArray();
        Assert.That(lines.Select(l => l.Id), Is.Unique);
        Assert.That(lines.Select(l => l.Uri), Is.Unique);
        Assert.That(lines.Select(l => l.Id), Is.All.InRange(1, 14));
    }

    [Test]
    public void Empty_connection_offers_nothing()
    {
        var sdp = NegotiationPeer.Parse(new NegotiationPeer().Offer().Sdp);
        Assert.That(sdp.Media, Is.Empty);
        Assert.That(sdp.GetBundleGroup(), Is.Null);
    }

    [Test]
    public void Offer_made_twice_differs_only_in_its_version()
    {
        var peer = new NegotiationPeer();
        peer.Add(MediaKind.Audio);
        peer.Negotiator.RequestDataChannel();
        var (first, second) = (NegotiationPeer.Parse(peer.Offer().Sdp), NegotiationPeer.Parse(peer.Offer().Sdp));
        Assert.That(second.Origin.SessionVersion, Is.EqualTo(first.Origin.SessionVersion + 1));
        second.Origin = first.Origin;
        Assert.That(second.ToString(), Is.EqualTo(first.ToString()));
    }

    [TestCase(RtpTransceiverDirection.SendRecv, "sendrecv", true)]
    [TestCase(RtpTransceiverDirection.SendOnly, "sendonly", true)]
    [TestCase(RtpTransceiverDirection.RecvOnly, "recvonly", false)]
    [TestCase(RtpTransceiverDirection.Inactive, "inactive", false)]
    public void Direction_decides_whether_streams_are_named(RtpTransceiverDirection direction, string attribute, bool hasStreams)
    {
        var peer = new NegotiationPeer();
        peer.Add(MediaKind.Audio, direction);
        var media = NegotiationPeer.Parse(peer.Offer().Sdp).Media[0];
        Assert.That(media.Attributes.Contains(attribute), Is.True);
        Assert.That(media.Attributes.Contains("msid"), Is.EqualTo(hasStreams));
        Assert.That(media.Attributes.Contains("ssrc"), Is.EqualTo(hasStreams));
    }

    [Test]
    public void Sender_without_stream_names_a_hyphen()
    {
        var peer = new NegotiationPeer();
        peer.Negotiator.AddTrack(new MediaStreamTrack(MediaKind.Audio, "t", ""), []);
        Assert.That(NegotiationPeer.Parse(peer.Offer().Sdp).Media[0].Attributes.GetValue("msid"), Is.EqualTo("- t"));
    }

    [Test]
    public void Track_name_in_the_msid_stays_when_the_track_changes()
    {
        var peer = new NegotiationPeer();
        var sender = peer.Negotiator.AddTrack(new MediaStreamTrack(MediaKind.Audio, "first", ""), []);
        _ = peer.Offer();
        sender.Track = new MediaStreamTrack(MediaKind.Audio, "second", "");
        Assert.That(NegotiationPeer.Parse(peer.Offer().Sdp).Media[0].Attributes.GetValue("msid"), Is.EqualTo("- first"));
    }

    [Test]
    public void Codec_preferences_choose_and_order()
    {
        var peer = new NegotiationPeer();
        var video = peer.Add(MediaKind.Video);
        var codecs = RtpCapabilities.DefaultVideo.Codecs;
        video.CodecPreferences = [codecs.First(c => c.Name == "AV1"), codecs.First(c => c.Name == "VP8")];
        Assert.That(NegotiationPeer.Parse(peer.Offer().Sdp).Media[0].Formats, Is.EqualTo(new[] { "45", "46", "96", "97" }));
    }

    [Test]
    public void Redundancy_for_audio_names_the_primary_codec_twice()
    {
        var red = new RtpCodecCapability("audio/red", 48_000) { Channels = 2, PreferredPayloadType = 63 };
        var options = new PeerConnectionOptions { AudioCapabilities = RtpCapabilities.DefaultAudio with { Codecs = [RtpCapabilities.DefaultAudio.Codecs[0], red] } };
        var peer = new NegotiationPeer(options: options);
        peer.Add(MediaKind.Audio);
        Assert.That(NegotiationPeer.Parse(peer.Offer().Sdp).Media[0].Attributes.GetValues("fmtp"), Does.Contain("63 111/111"));
    }

    [Test]
    public void Simulcast_offer_has_rids_and_no_sources()
    {
        var peer = new NegotiationPeer();
        var options = new RtpTransceiverOptions { SendEncodings = [new() { Rid = "h" }, new() { Rid = "m", Active = false }, new() { Rid = "l" }] };
        peer.Negotiator.AddTransceiver(MediaKind.Video, null, options);
        var media = NegotiationPeer.Parse(peer.Offer().Sdp).Media[0];
        Assert.That(media.Attributes.GetValues("rid"), Is.EqualTo(new[] { "h send", "m send", "l send" }));
        Assert.That(media.Attributes.GetValue("simulcast"), Is.EqualTo("send h;~m;l"));
        Assert.That(media.Attributes.Contains("ssrc"), Is.False);
    }

    [Test]
    public void Candidates_stand_at_the_first_section_and_name_its_default()
    {
        var peer = new NegotiationPeer();
        peer.Add(MediaKind.Audio);
        peer.Add(MediaKind.Video);
        peer.Local = peer.Local with { Candidates = ["candidate:1 1 udp 2122260223 127.0.0.1 5004 typ host"], IsEndOfCandidates = true };
        var sdp = NegotiationPeer.Parse(peer.Offer().Sdp);
        Assert.That((sdp.Media[0].Port, sdp.Media[0].Connection), Is.EqualTo((5004, "IN IP4 127.0.0.1")));
        Assert.That(sdp.Media[0].Attributes.GetValue("candidate"), Is.EqualTo("1 1 udp 2122260223 127.0.0.1 5004 typ host"));
        Assert.That(sdp.Media[0].Attributes.Contains("end-of-candidates"), Is.True);
        Assert.That(sdp.Media[1].Attributes.Contains("candidate"), Is.False);
        Assert.That(sdp.Media[1].Port, Is.EqualTo(9));
    }

    [TestCase("a", "a")]
    [TestCase("a", null)]
    [TestCase("a b", "c")]
    [TestCase("", "c")]
    public void Malformed_rids_are_argument_errors(string first, string? second)
    {
        var options = new RtpTransceiverOptions { SendEncodings = [new() { Rid = first }, new() { Rid = second }] };
        Assert.That(() => new NegotiationPeer().Negotiator.AddTransceiver(MediaKind.Video, null, options), Throws.ArgumentException);
    }
}
