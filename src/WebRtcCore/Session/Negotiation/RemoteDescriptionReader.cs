using WebRtcCore.Sdp;

namespace WebRtcCore.Session.Negotiation;

/// <summary>Parses a description of the peer and checks that it can be applied, before anything is changed (RFC 8829 5.8, W3C webrtc 4.4.1.5).</summary>
internal sealed class RemoteDescriptionReader(DescriptionSet descriptions, MidAllocator mids)
{
    /// <summary>Parses and checks. In the result every m-line has a mid.</summary>
    /// <exception cref="RtcErrorException">SdpSyntaxError: it does not parse.</exception>
    /// <exception cref="RtcException">InvalidAccessError: its content does not fit.</exception>
    internal SdpSession Read(SessionDescription description)
    {
        if (!SdpSession.TryParse(description.Sdp, out var sdp, out var error))
        {
            throw new RtcErrorException(RtcErrorDetail.SdpSyntaxError, $"Line {error.LineNumber}: {error.Message}") { SdpLineNumber = error.LineNumber };
        }

        if (description.Type == SdpType.Offer)
        {
            CheckOffer(sdp);
        }
        else
        {
            CheckAnswer(sdp);
        }

        CheckBundle(sdp);
        foreach (var media in sdp.Media.Where(m => !m.IsRejected))
        {
            CheckMedia(media);
        }

        CheckTransport(sdp, description.Type);
        return sdp;
    }

    // RFC 8829 5.8: a new offer keeps the m-lines in their places; a place may change its use only after both sides gave it up.
    private void CheckOffer(SdpSession sdp)
    {
        var previous = descriptions.CurrentRemote?.Sdp.Media ?? [];
        Require(sdp.Media.Count >= previous.Count, "The offer has fewer m-lines than the one before.");
        for (var i = 0; i < sdp.Media.Count; i++)
        {
            var media = sdp.Media[i];
            if (i < previous.Count && !descriptions.IsRecyclable(i))
            {
                media.Mid ??= previous[i].Mid;
                Require(media.Kind == previous[i].Kind && media.Mid == previous[i].Mid, "The order of m-lines does not match the previous descriptions.");
            }
            else
            {
                media.Mid ??= mids.Invent(sdp);
            }
        }

        Require(sdp.Media.DistinctBy(m => m.Mid).Count() == sdp.Media.Count, "Two m-lines have the same mid.");
    }

    // RFC 3264 6: an answer has the offer's m-lines in the offer's order.
    private void CheckAnswer(SdpSession sdp)
    {
        var offer = descriptions.PendingLocal!.Sdp.Media;
        Require(sdp.Media.Count == offer.Count, "The answer has not as many m-lines as the offer.");
        for (var i = 0; i < offer.Count; i++)
        {
            var media = sdp.Media[i];
            media.Mid ??= offer[i].Mid;
            Require(media.Kind == offer[i].Kind && media.Mid == offer[i].Mid, "The order of m-lines in the answer does not match the offer.");
            Require(media.IsRejected || !offer[i].IsRejected, "The answer accepts an m-line that the offer rejects.");
        }
    }

    private static void CheckBundle(SdpSession sdp)
    {
        var group = sdp.GetBundleGroup();
        Require(group is null || group.Mids.Count <= sdp.Media.Count, "The BUNDLE group names more m-lines than there are.");
        Require(group is null || group.Mids.All(mid => sdp.FindMedia(mid) is not null), "The BUNDLE group names an m-line that is not there.");
        var bundled = (group?.Mids ?? []).Select(mid => sdp.FindMedia(mid)!).Where(m => !m.IsRejected);
        Require(!HeaderExtensionNegotiation.HasConflict(bundled), "A header extension id means two extensions in one BUNDLE group.");
    }

    private static void CheckMedia(SdpMedia media) =>

        // W3C RTCRtcpMuxPolicy require: an m-line without it fails the whole description, in browsers too.
        Require(!MediaLines.IsSupportedRtp(media) || media.HasRtcpMux, $"The m-line with mid {media.Mid} does not have rtcp-mux, which is required.");

    private static void CheckTransport(SdpSession sdp, SdpType type)
    {
        if (BundlePlan.FindTransportMedia(sdp) is not { } media)
        {
            return;
        }

        var source = BundlePlan.FindAttributeSource(sdp, media);
        Require(BundlePlan.GetIce(sdp, source) is not null, "The description has no ICE credentials.");
        Require(sdp.GetFingerprints(source).Count > 0, "The description has no certificate fingerprint.");

        // RFC 8842 5.3: an answer must have decided.
        Require(type == SdpType.Offer || sdp.GetSetup(source) is not SdpSetupRole.ActPass, "The answer does not choose a DTLS role.");
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw RtcException.InvalidAccess(message);
        }
    }
}
