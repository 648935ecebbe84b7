using WebRtcCore.Sdp;

namespace WebRtcCore.Session.Negotiation;

/// <summary>The four descriptions of W3C webrtc 4.4.2: what both sides last agreed on, and what is being negotiated.</summary>
internal sealed class DescriptionSet
{
    internal AppliedDescription? CurrentLocal { get; private set; }

    internal AppliedDescription? PendingLocal { get; private set; }

    internal AppliedDescription? CurrentRemote { get; private set; }

    internal AppliedDescription? PendingRemote { get; private set; }

    /// <summary>The local description that the application sees.</summary>
    internal AppliedDescription? LatestLocal => PendingLocal ?? CurrentLocal;

    /// <summary>The remote description that the application sees.</summary>
    internal AppliedDescription? LatestRemote => PendingRemote ?? CurrentRemote;

    internal void SetLocal(AppliedDescription description)
    {
        if (description.Type != SdpType.Answer)
        {
            PendingLocal = description;
            return;
        }

        (CurrentLocal, CurrentRemote) = (description, PendingRemote);
        ClearPending();
    }

    internal void SetRemote(AppliedDescription description)
    {
        if (description.Type != SdpType.Answer)
        {
            PendingRemote = description;
            return;
        }

        (CurrentRemote, CurrentLocal) = (description, PendingLocal);
        ClearPending();
    }

    internal void ClearPending() => (PendingLocal, PendingRemote) = (null, null);

    /// <summary>Whether an m-line of the latest local description is accepted as far as one knows.</summary>
    internal bool IsInUse(SdpMedia line) => !line.IsRejected && CurrentRemote?.Sdp.FindMedia(line.Mid ?? "") is not { IsRejected: true };

    /// <summary>Whether both sides have given up an m-line, so that an offer may use its place anew (RFC 8829 5.2.2).</summary>
    internal bool IsRecyclable(int index) =>
        CurrentLocal is { } local && CurrentRemote is { } remote && index < local.Sdp.Media.Count && index < remote.Sdp.Media.Count &&
        (local.Sdp.Media[index].IsRejected || remote.Sdp.Media[index].IsRejected);
}
