namespace WebRtcCore;

/// <summary>W3C <c>RTCIceServer</c>: a STUN or TURN server.</summary>
/// <param name="Urls">One or more <c>stun:</c>, <c>turn:</c> or <c>turns:</c> URLs (RFC 7064, 7065).</param>
public sealed record IceServer(params IReadOnlyList<string> Urls)
{
    /// <summary>The TURN user name.</summary>
    public string? Username { get; init; }

    /// <summary>The TURN password.</summary>
    public string? Credential { get; init; }
}
