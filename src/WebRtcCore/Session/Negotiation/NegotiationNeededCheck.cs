using WebRtcCore.Sdp;

namespace WebRtcCore.Session.Negotiation;

/// <summary>W3C webrtc 4.7.3, "check if negotiation is needed": whether what the application wants differs from what is agreed on.</summary>
internal static class NegotiationNeededCheck
{
    internal static bool IsNeeded(DescriptionSet descriptions, IReadOnlyList<RtpTransceiver> transceivers, bool dataRequested)
    {
        if (dataRequested && descriptions.CurrentLocal?.Sdp.Media.Any(m => m.IsSctp && descriptions.IsInUse(m)) != true)
        {
            return true;
        }

        return transceivers.Any(t => IsNeeded(descriptions, t));
    }

    private static bool IsNeeded(DescriptionSet descriptions, RtpTransceiver transceiver)
    {
        var local = FindMedia(descriptions.CurrentLocal, transceiver);
        var remote = FindMedia(descriptions.CurrentRemote, transceiver);
        if (transceiver.IsStopped)
        {
            return local is { IsRejected: false } && remote is { IsRejected: false };
        }

        // One that is stopping, but never got an m-line, is nobody's business.
        if (transceiver.IsStopping || local is null || remote is null)
        {
            return !transceiver.IsStopping || local is not null;
        }

        if (Directions.IsSending(transceiver.PreferredDirection) && !HasStreams(local, transceiver.Sender))
        {
            return true;
        }

        var (own, theirs) = (descriptions.CurrentLocal!.Sdp.GetDirection(local), descriptions.CurrentRemote!.Sdp.GetDirection(remote));
        var wanted = Directions.ToSdp(transceiver.PreferredDirection);
        return descriptions.CurrentLocal.Type == SdpType.Offer
            ? wanted != own && wanted != theirs.Reverse()
            : own != Directions.Intersect(transceiver.PreferredDirection, theirs);
    }

    private static bool HasStreams(SdpMedia local, RtpSender sender)
    {
        var written = local.Attributes.GetAll<SdpMsid>().Select(m => m.StreamId).ToHashSet(StringComparer.Ordinal);
        return written.Count > 0 && written.SetEquals(sender.StreamIds.DefaultIfEmpty(SdpMsid.NoStream));
    }

    private static SdpMedia? FindMedia(AppliedDescription? description, RtpTransceiver transceiver) =>
        transceiver.Mid is { } mid ? description?.Sdp.FindMedia(mid) : null;
}
