using WebRtcCore.Dtls;

namespace WebRtcCore.Session.Negotiation;

/// <summary>This side's transport, as descriptions show it.</summary>
internal sealed record LocalTransport
{
    /// <summary>The ICE credentials in use, or those of the restart that this description asks for.</summary>
    public required IceParameters Ice { get; init; }

    /// <summary>Whether this side is a lite agent, which the peer has to know.</summary>
    public bool IsIceLite { get; init; }

    /// <summary>The certificate's fingerprints.</summary>
    public required IReadOnlyList<DtlsFingerprint> Fingerprints { get; init; }

    /// <summary>Candidates of these credentials gathered so far, as they stand behind <c>a=</c>.</summary>
    public IReadOnlyList<string> Candidates { get; init; } = [];

    /// <summary>Whether gathering is complete.</summary>
    public bool IsEndOfCandidates { get; init; }

    /// <summary>The DTLS role once decided: later descriptions keep it.</summary>
    public DtlsRole DtlsRole { get; init; }
}
