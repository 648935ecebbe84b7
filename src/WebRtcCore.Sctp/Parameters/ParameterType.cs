namespace WebRtcCore.Sctp.Parameters;

/// <summary>Parameter types (RFC 9260, 3.3.2.1; RFC 3758, 3.1; RFC 5061, 4.2.7; RFC 6525, 4; RFC 9653, 4).</summary>
internal static class ParameterType
{
    public const ushort HeartbeatInfo = 0x0001;
    public const ushort IPv4Address = 0x0005;
    public const ushort IPv6Address = 0x0006;
    public const ushort StateCookie = 0x0007;
    public const ushort UnrecognizedParameter = 0x0008;
    public const ushort CookiePreservative = 0x0009;
    public const ushort HostNameAddress = 0x000B;
    public const ushort SupportedAddressTypes = 0x000C;
    public const ushort OutgoingResetRequest = 0x000D;
    public const ushort IncomingResetRequest = 0x000E;
    public const ushort TsnResetRequest = 0x000F;
    public const ushort ReconfigurationResponse = 0x0010;
    public const ushort AddOutgoingStreamsRequest = 0x0011;
    public const ushort AddIncomingStreamsRequest = 0x0012;
    public const ushort ZeroChecksumAcceptable = 0x8001;
    public const ushort SupportedExtensions = 0x8008;
    public const ushort ForwardTsnSupported = 0xC000;

    /// <summary>RFC 9260 3.2.1: whether an unknown parameter's second-highest bit asks to report it.</summary>
    public static bool MustReport(ushort type) => (type & 0x4000) != 0;

    /// <summary>RFC 9260 3.2.1: whether an unknown parameter's highest bit allows to go on with the next one.</summary>
    public static bool MaySkip(ushort type) => (type & 0x8000) != 0;
}
