namespace WebRtcCore.Sdp;

/// <summary>What the parser knows of attributes: their shared names, and whether a value has the right form.</summary>
internal static class SdpAttributeSyntax
{
    /// <summary>RFC 8839 5.4: a user name fragment has 4 to 256 characters.</summary>
    private const int MinUfragLength = 4;

    /// <summary>RFC 8839 5.4: a password has 22 to 256 characters.</summary>
    private const int MinPwdLength = 22;

    private const int MaxCredentialLength = 256;

    /// <summary>The form that the value of an attribute has.</summary>
    internal enum Form
    {
        Unknown,
        Plain,
        RtpMap,
        Fmtp,
        RtcpFb,
        Extmap,
        Ssrc,
        SsrcGroup,
        Mid,
        Msid,
        Group,
        Fingerprint,
        Setup,
        IceUfrag,
        IcePwd,
        Candidate,
        Rtcp,
        Rid,
        Simulcast,
        SctpPort,
        SctpMap,
        MaxMessageSize,
    }

    /// <summary>The shared instance of a known name and the form of its value; a new string for an unknown one.</summary>
    internal static Known Find(ReadOnlySpan<char> name) => name switch
    {
        "candidate" => new(SdpAttributeNames.Candidate, Form.Candidate),
        "rtpmap" => new(SdpRtpMap.AttributeName, Form.RtpMap),
        "fmtp" => new(SdpFormatParameters.AttributeName, Form.Fmtp),
        "rtcp-fb" => new(SdpRtcpFeedback.AttributeName, Form.RtcpFb),
        "extmap" => new(SdpExtensionMap.AttributeName, Form.Extmap),
        "ssrc" => new(SdpSsrc.AttributeName, Form.Ssrc),
        "ssrc-group" => new(SdpSsrcGroup.AttributeName, Form.SsrcGroup),
        "mid" => new(SdpAttributeNames.Mid, Form.Mid),
        "msid" => new(SdpMsid.AttributeName, Form.Msid),
        "msid-semantic" => new(SdpAttributeNames.MsidSemantic, Form.Plain),
        "group" => new(SdpGroup.AttributeName, Form.Group),
        "fingerprint" => new(SdpFingerprint.AttributeName, Form.Fingerprint),
        "setup" => new(SdpAttributeNames.Setup, Form.Setup),
        "ice-ufrag" => new(SdpAttributeNames.IceUfrag, Form.IceUfrag),
        "ice-pwd" => new(SdpAttributeNames.IcePwd, Form.IcePwd),
        "ice-options" => new(SdpAttributeNames.IceOptions, Form.Plain),
        "ice-lite" => new(SdpAttributeNames.IceLite, Form.Plain),
        "end-of-candidates" => new(SdpAttributeNames.EndOfCandidates, Form.Plain),
        "rtcp" => new(SdpRtcp.AttributeName, Form.Rtcp),
        "rtcp-mux" => new(SdpAttributeNames.RtcpMux, Form.Plain),
        "rtcp-mux-only" => new(SdpAttributeNames.RtcpMuxOnly, Form.Plain),
        "rtcp-rsize" => new(SdpAttributeNames.RtcpRsize, Form.Plain),
        "sendrecv" => new(SdpAttributeNames.SendRecv, Form.Plain),
        "sendonly" => new(SdpAttributeNames.SendOnly, Form.Plain),
        "recvonly" => new(SdpAttributeNames.RecvOnly, Form.Plain),
        "inactive" => new(SdpAttributeNames.Inactive, Form.Plain),
        "bundle-only" => new(SdpAttributeNames.BundleOnly, Form.Plain),
        "extmap-allow-mixed" => new(SdpAttributeNames.ExtmapAllowMixed, Form.Plain),
        "rid" => new(SdpRid.AttributeName, Form.Rid),
        "simulcast" => new(SdpSimulcast.AttributeName, Form.Simulcast),
        "sctp-port" => new(SdpAttributeNames.SctpPort, Form.SctpPort),
        "sctpmap" => new(SdpSctpMap.AttributeName, Form.SctpMap),
        "max-message-size" => new(SdpAttributeNames.MaxMessageSize, Form.MaxMessageSize),
        "ptime" => new(SdpAttributeNames.PTime, Form.Plain),
        "maxptime" => new(SdpAttributeNames.MaxPTime, Form.Plain),
        _ => new(name.ToString(), Form.Unknown),
    };

    /// <summary>Whether a value has its form. Unknown and plain attributes have any.</summary>
    /// <param name="form">From <see cref="Find"/>.</param>
    /// <param name="value">What follows the colon.</param>
    /// <param name="isRtp">Whether it stands in an m-line of RTP, where formats are payload types.</param>
    internal static bool IsWellFormed(Form form, ReadOnlySpan<char> value, bool isRtp) => form switch
    {
        Form.RtpMap => !isRtp || SdpRtpMap.IsWellFormed(value),
        Form.Fmtp => !isRtp || SdpFormatParameters.IsWellFormed(value),
        Form.RtcpFb => !isRtp || SdpRtcpFeedback.IsWellFormed(value),
        Form.Extmap => SdpExtensionMap.IsWellFormed(value),
        Form.Ssrc => SdpSsrc.IsWellFormed(value),
        Form.SsrcGroup => SdpSsrcGroup.IsWellFormed(value),
        Form.Mid => SdpText.IsToken(value),
        Form.Msid => SdpMsid.IsWellFormed(value),
        Form.Group => SdpGroup.IsWellFormed(value),
        Form.Fingerprint => SdpFingerprint.IsWellFormed(value),
        Form.Setup => SdpSetup.TryParse(value, out _),
        Form.IceUfrag => IsCredential(value, MinUfragLength),
        Form.IcePwd => IsCredential(value, MinPwdLength),
        Form.Candidate => !value.IsEmpty,
        Form.Rtcp => SdpRtcp.IsWellFormed(value),
        Form.Rid => SdpRid.IsWellFormed(value),
        Form.Simulcast => SdpSimulcast.IsWellFormed(value),
        Form.SctpPort => SdpText.TryParsePort(value, out _),
        Form.SctpMap => SdpSctpMap.TryParse(value, out _),
        Form.MaxMessageSize => ulong.TryParse(value, System.Globalization.NumberStyles.None, null, out _),
        _ => true,
    };

    private static bool IsCredential(ReadOnlySpan<char> value, int minLength) =>
        value.Length >= minLength && value.Length <= MaxCredentialLength && SdpText.IsVisible(value);

    /// <summary>A name and the form of its value.</summary>
    internal readonly record struct Known(string Name, Form Form);
}
