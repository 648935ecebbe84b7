namespace WebRtcCore.Sdp;

/// <summary>What the parser knows of attributes: their shared names, and whether a value has the right form.</summary>
internal static class SdpAttributeSyntax
{
    /// <summary>RFC 8839 5.4: a user name fragment has 4 to 256 characters.</summary>
    private const int MinUfragLength = 4;

    /// <summary>RFC 8839 5.4: a password has 22 to 256 characters.</summary>
    private const int MinPwdLength = 22;

    private const int MaxCredentialLength = 256;

    /// <summary>The shared instance of a known name, or a new string.</summary>
    internal static string Name(ReadOnlySpan<char> name) => name switch
    {
        "candidate" => SdpAttributeNames.Candidate,
        "rtpmap" => SdpRtpMap.AttributeName,
        "fmtp" => SdpFormatParameters.AttributeName,
        "rtcp-fb" => SdpRtcpFeedback.AttributeName,
        "extmap" => SdpExtensionMap.AttributeName,
        "ssrc" => SdpSsrc.AttributeName,
        "ssrc-group" => SdpSsrcGroup.AttributeName,
        "mid" => SdpAttributeNames.Mid,
        "msid" => SdpMsid.AttributeName,
        "msid-semantic" => SdpAttributeNames.MsidSemantic,
        "group" => SdpGroup.AttributeName,
        "fingerprint" => SdpFingerprint.AttributeName,
        "setup" => SdpAttributeNames.Setup,
        "ice-ufrag" => SdpAttributeNames.IceUfrag,
        "ice-pwd" => SdpAttributeNames.IcePwd,
        "ice-options" => SdpAttributeNames.IceOptions,
        "ice-lite" => SdpAttributeNames.IceLite,
        "end-of-candidates" => SdpAttributeNames.EndOfCandidates,
        "rtcp" => SdpRtcp.AttributeName,
        "rtcp-mux" => SdpAttributeNames.RtcpMux,
        "rtcp-mux-only" => SdpAttributeNames.RtcpMuxOnly,
        "rtcp-rsize" => SdpAttributeNames.RtcpRsize,
        "sendrecv" => SdpAttributeNames.SendRecv,
        "sendonly" => SdpAttributeNames.SendOnly,
        "recvonly" => SdpAttributeNames.RecvOnly,
        "inactive" => SdpAttributeNames.Inactive,
        "bundle-only" => SdpAttributeNames.BundleOnly,
        "extmap-allow-mixed" => SdpAttributeNames.ExtmapAllowMixed,
        "rid" => SdpRid.AttributeName,
        "simulcast" => SdpSimulcast.AttributeName,
        "sctp-port" => SdpAttributeNames.SctpPort,
        "sctpmap" => SdpSctpMap.AttributeName,
        "max-message-size" => SdpAttributeNames.MaxMessageSize,
        "ptime" => SdpAttributeNames.PTime,
        "maxptime" => SdpAttributeNames.MaxPTime,
        _ => name.ToString(),
    };

    /// <summary>Whether the value of a known attribute has its form. Unknown attributes have any.</summary>
    /// <param name="name">The shared instance from <see cref="Name"/>.</param>
    /// <param name="value">What follows the colon.</param>
    /// <param name="isRtp">Whether it stands in an m-line of RTP, where formats are payload types.</param>
    internal static bool IsWellFormed(string name, ReadOnlySpan<char> value, bool isRtp) => name switch
    {
        "rtpmap" => !isRtp || SdpRtpMap.IsWellFormed(value),
        "fmtp" => !isRtp || SdpFormatParameters.IsWellFormed(value),
        "rtcp-fb" => !isRtp || SdpRtcpFeedback.IsWellFormed(value),
        "extmap" => SdpExtensionMap.IsWellFormed(value),
        "ssrc" => SdpSsrc.IsWellFormed(value),
        "ssrc-group" => SdpSsrcGroup.IsWellFormed(value),
        SdpAttributeNames.Mid => SdpText.IsToken(value),
        "msid" => SdpMsid.IsWellFormed(value),
        "group" => SdpGroup.IsWellFormed(value),
        "fingerprint" => SdpFingerprint.IsWellFormed(value),
        SdpAttributeNames.Setup => SdpSetup.TryParse(value, out _),
        SdpAttributeNames.IceUfrag => IsCredential(value, MinUfragLength),
        SdpAttributeNames.IcePwd => IsCredential(value, MinPwdLength),
        SdpAttributeNames.Candidate => !value.IsEmpty,
        "rtcp" => SdpRtcp.IsWellFormed(value),
        "rid" => SdpRid.IsWellFormed(value),
        "simulcast" => SdpSimulcast.IsWellFormed(value),
        SdpAttributeNames.SctpPort => SdpText.TryParsePort(value, out _),
        "sctpmap" => SdpSctpMap.TryParse(value, out _),
        SdpAttributeNames.MaxMessageSize => ulong.TryParse(value, System.Globalization.NumberStyles.None, null, out _),
        _ => true,
    };

    private static bool IsCredential(ReadOnlySpan<char> value, int minLength) =>
        value.Length >= minLength && value.Length <= MaxCredentialLength && SdpText.IsVisible(value);
}
