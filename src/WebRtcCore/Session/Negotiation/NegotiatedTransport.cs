using WebRtcCore.Dtls;

namespace WebRtcCore.Session.Negotiation;

/// <summary>The peer's side of the transport.</summary>
internal sealed record NegotiatedTransport
{
    /// <summary>The peer's ICE credentials.</summary>
    public required IceParameters RemoteIce { get; init; }

    /// <summary>Whether the peer is an ICE-lite agent.</summary>
    public bool IsRemoteIceLite { get; init; }

    /// <summary>Whether the peer knows renomination (libwebrtc's <c>a=ice-options:renomination</c>).</summary>
    public bool IsRemoteRenominating { get; init; }

    /// <summary>The peer's candidates in its description, as they stand behind <c>a=</c>.</summary>
    public IReadOnlyList<string> RemoteCandidates { get; init; } = [];

    /// <summary>Whether the description says that there are no more.</summary>
    public bool IsEndOfCandidates { get; init; }

    /// <summary>The peer's certificate fingerprints.</summary>
    public required IReadOnlyList<DtlsFingerprint> RemoteFingerprints { get; init; }

    /// <summary>This side's role; <see cref="DtlsRole.Unknown"/> until an answer has decided it.</summary>
    public DtlsRole DtlsRole { get; init; }
}
