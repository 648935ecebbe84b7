using WebRtcCore.Sdp;

namespace WebRtcCore.Session.Negotiation;

/// <summary>A description in force: its model, which gains candidates as they come, and the text that the application sees.</summary>
internal sealed class AppliedDescription(SdpType type, SdpSession sdp)
{
    /// <summary>More candidates than this are not written into a description: a flood must not make the text grow without end.</summary>
    private const int MaxCandidates = 512;

    private SessionDescription? _description;
    private int _candidateCount;

    internal SdpType Type { get; } = type;

    internal SdpSession Sdp { get; } = sdp;

    internal SessionDescription Description => _description ??= new SessionDescription(Type, Sdp.ToString());

    /// <summary>Adds a candidate, as it stands behind <c>a=</c>, to an m-line.</summary>
    internal void AddCandidate(SdpMedia media, string candidate)
    {
        if (_candidateCount == MaxCandidates)
        {
            return;
        }

        const string Prefix = SdpAttributeNames.Candidate + ":";
        var value = candidate.StartsWith(Prefix, StringComparison.Ordinal) ? candidate[Prefix.Length..] : candidate;
        if (media.Attributes.GetValues(SdpAttributeNames.Candidate).Contains(value, StringComparer.Ordinal))
        {
            return;
        }

        media.Attributes.Add(SdpAttributeNames.Candidate, value);
        _candidateCount++;
        _description = null;
    }

    /// <summary>Says that an m-line's candidates are complete.</summary>
    internal void AddEndOfCandidates(SdpMedia media)
    {
        if (!media.Attributes.Contains(SdpAttributeNames.EndOfCandidates))
        {
            media.Attributes.Add(SdpAttributeNames.EndOfCandidates);
            _description = null;
        }
    }

    /// <summary>Names the default candidate in the m-line (RFC 8839 4.2.1.2).</summary>
    internal void SetDefaultCandidate(SdpMedia media, int port, string connection)
    {
        media.Port = port;
        media.Connection = connection;
        _description = null;
    }

    /// <summary>
    /// The m-line whose transport carries everything: the first that is not rejected in the BUNDLE group, or the first that is not
    /// rejected at all (RFC 8843 7.2.1, 7.3.1).
    /// </summary>
    internal SdpMedia? FindTransportMedia() => BundlePlan.FindTransportMedia(Sdp);

    /// <summary>The ICE credentials of the transport; <see langword="null"/> if every m-line is rejected.</summary>
    internal IceParameters? GetIce() => FindTransportMedia() is { } media ? BundlePlan.GetIce(Sdp, media) : null;
}
