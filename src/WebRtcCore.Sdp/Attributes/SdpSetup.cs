namespace WebRtcCore.Sdp;

/// <summary><c>a=setup:&lt;role&gt;</c>: which side begins the DTLS handshake (RFC 8842 5.3).</summary>
/// <param name="Role">The role of the description's sender.</param>
public readonly record struct SdpSetup(SdpSetupRole Role) : ISdpAttribute<SdpSetup>
{
    /// <inheritdoc/>
    public static string AttributeName => SdpAttributeNames.Setup;

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> value, out SdpSetup attribute)
    {
        (var known, var role) = value.Trim(' ') switch
        {
            "active" => (true, SdpSetupRole.Active),
            "passive" => (true, SdpSetupRole.Passive),
            "actpass" => (true, SdpSetupRole.ActPass),
            "holdconn" => (true, SdpSetupRole.HoldConn),
            _ => (false, default),
        };
        attribute = new SdpSetup(role);
        return known;
    }

    /// <inheritdoc/>
    public string ToValue() => Role switch
    {
        SdpSetupRole.Active => "active",
        SdpSetupRole.Passive => "passive",
        SdpSetupRole.ActPass => "actpass",
        _ => "holdconn",
    };
}
