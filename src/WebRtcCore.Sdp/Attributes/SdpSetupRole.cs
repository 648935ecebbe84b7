namespace WebRtcCore.Sdp;

/// <summary>The value of <c>a=setup</c> (RFC 4145 4, RFC 5763 5).</summary>
public enum SdpSetupRole
{
    /// <summary>The sender is the DTLS client.</summary>
    Active,

    /// <summary>The sender is the DTLS server.</summary>
    Passive,

    /// <summary>The other side chooses; what an offer says.</summary>
    ActPass,

    /// <summary>Not now.</summary>
    HoldConn,
}
