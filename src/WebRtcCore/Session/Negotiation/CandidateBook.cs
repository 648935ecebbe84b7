using WebRtcCore.Sdp;
using CoreCandidate = WebRtcCore.Ice.IceCandidate;

namespace WebRtcCore.Session.Negotiation;

/// <summary>Puts candidates into the descriptions that they belong to, and checks those that the application brings (W3C webrtc 4.4.1.6, 4.8.1).</summary>
internal sealed class CandidateBook(DescriptionSet descriptions)
{
    /// <summary>A candidate-attribute has at least foundation, component, transport, priority, address, port, typ and type.</summary>
    private const int MinFields = 8;

    /// <summary>Writes a local candidate at an m-line, and as its default candidate if it is a better one (RFC 8839 4.2.1.2).</summary>
    internal static void AddLocal(AppliedDescription description, SdpMedia media, string candidate)
    {
        description.AddCandidate(media, candidate);
        if (media.Port == SdpMedia.DiscardPort && CoreCandidate.TryParse(candidate, out var parsed) &&
            parsed.Protocol == Primitives.TransportProtocol.Udp && parsed.HostName is null)
        {
            var address = parsed.Address.ToIPAddress();
            var family = address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? "IP6" : "IP4";
            description.SetDefaultCandidate(media, parsed.Port, $"IN {family} {address}");
        }
    }

    /// <summary>Adds a local candidate to every local description of its generation.</summary>
    internal void AddLocal(IceCandidate candidate)
    {
        foreach (var (description, media) in FindLocal(candidate.UsernameFragment))
        {
            AddLocal(description, media, candidate.Candidate);
        }
    }

    /// <summary>Says in the local descriptions that there are no more candidates.</summary>
    internal void SetLocalEnd()
    {
        if (descriptions.LatestLocal is { } latest && latest.FindTransportMedia() is { } media)
        {
            latest.AddEndOfCandidates(media);
        }
    }

    /// <summary>A candidate for signalling: where it belongs in the local description. <see langword="null"/> without an m-line to belong to.</summary>
    internal IceCandidate? MakeLocal(string candidate, string usernameFragment)
    {
        var (description, media) = FindLocal(usernameFragment).FirstOrDefault();
        return media is null
            ? null
            : new IceCandidate
            {
                Candidate = candidate,
                SdpMid = media.Mid,
                SdpMLineIndex = description.Sdp.Media.IndexOf(media),
                UsernameFragment = usernameFragment,
            };
    }

    /// <summary>
    /// Checks a remote candidate, adds it to the remote descriptions of its generation, and tells whether it is for the transport in use.
    /// One of an unknown kind is ignored, as RFC 8839 5.1 wants it.
    /// </summary>
    /// <exception cref="RtcException">InvalidStateError: no remote description; OperationError: no such m-line or generation, or malformed.</exception>
    /// <exception cref="ArgumentException">It names no m-line.</exception>
    internal bool AddRemote(IceCandidate candidate)
    {
        if (descriptions.LatestRemote is not { } latest)
        {
            throw RtcException.InvalidState("Candidates can be added once there is a remote description.");
        }

        var isEnd = candidate.Candidate.Length == 0;
        if (!isEnd && candidate.SdpMid is null && candidate.SdpMLineIndex is null)
        {
            throw new ArgumentException("A candidate names its m-line by mid or index.", nameof(candidate));
        }

        var media = FindMedia(latest.Sdp, candidate);
        if (media is null && (candidate.SdpMid is not null || candidate.SdpMLineIndex is not null))
        {
            throw RtcException.Operation("The candidate's m-line is not in the remote description.");
        }

        var generations = new[] { descriptions.PendingRemote, descriptions.CurrentRemote }
            .Where(d => d is not null && IsOfGeneration(d.Sdp, candidate)).Select(d => d!).ToArray();
        if (candidate.UsernameFragment is { Length: > 0 } && generations.Length == 0)
        {
            throw RtcException.Operation("The candidate belongs to another ICE generation.");
        }

        if (isEnd)
        {
            foreach (var description in generations)
            {
                AddEnd(description, candidate);
            }

            return true;
        }

        return AddRemote(candidate, generations);
    }

    private bool AddRemote(IceCandidate candidate, IReadOnlyList<AppliedDescription> generations)
    {
        if (!SdpFields.IsOneLine(candidate.Candidate) || !SdpFields.HasFields(candidate.Candidate, MinFields))
        {
            throw RtcException.Operation("The candidate is malformed.");
        }

        var isForTransport = false;
        foreach (var description in generations)
        {
            if (FindMedia(description.Sdp, candidate) is { } media)
            {
                description.AddCandidate(media, candidate.Candidate.StartsWith("a=", StringComparison.Ordinal) ? candidate.Candidate[2..] : candidate.Candidate);
                isForTransport |= IsOnTransport(description, media);
            }
        }

        return isForTransport && candidate.Parsed is not null;
    }

    private static void AddEnd(AppliedDescription description, IceCandidate candidate)
    {
        foreach (var media in FindMedia(description.Sdp, candidate) is { } one ? [one] : description.Sdp.Media)
        {
            description.AddEndOfCandidates(media);
        }
    }

    // In an offer, each m-line may still have a transport of its own (Firefox gathers for every one); RFC 8829 5.11 discards those that the answer
    // bundles away, and checks to their closed ports would only hold up the others. What is bundled already may name any m-line of the group.
    private bool IsOnTransport(AppliedDescription remote, SdpMedia media)
    {
        if (remote.Type != SdpType.Offer)
        {
            return remote.FindTransportMedia() is { } bundled &&
                (media == bundled || BundlePlan.GetTransportMids(remote.Sdp, bundled).Contains(media.Mid!));
        }

        var answer = ReferenceEquals(remote, descriptions.CurrentRemote) ? descriptions.CurrentLocal : descriptions.PendingLocal;
        return (answer ?? remote).FindTransportMedia() is { } transport && transport.Mid == media.Mid;
    }

    private static SdpMedia? FindMedia(SdpSession sdp, IceCandidate candidate) =>
        candidate.SdpMid is { } mid ? sdp.FindMedia(mid)
        : candidate.SdpMLineIndex is { } index && index >= 0 && index < sdp.Media.Count ? sdp.Media[index]
        : null;

    private static bool IsOfGeneration(SdpSession sdp, IceCandidate candidate)
    {
        if (string.IsNullOrEmpty(candidate.UsernameFragment))
        {
            return true;
        }

        var lines = FindMedia(sdp, candidate) is { } media ? [media] : sdp.Media;
        return lines.Any(m => sdp.GetValue(m, SdpAttributeNames.IceUfrag) == candidate.UsernameFragment);
    }

    private IEnumerable<(AppliedDescription Description, SdpMedia Media)> FindLocal(string? usernameFragment)
    {
        foreach (var description in new[] { descriptions.PendingLocal, descriptions.CurrentLocal })
        {
            if (description?.FindTransportMedia() is { } media &&
                (string.IsNullOrEmpty(usernameFragment) || media.Attributes.GetValue(SdpAttributeNames.IceUfrag) == usernameFragment))
            {
                yield return (description, media);
            }
        }
    }
}
