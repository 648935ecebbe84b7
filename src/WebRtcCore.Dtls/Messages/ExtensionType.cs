namespace WebRtcCore.Dtls.Messages;

/// <summary>The hello extensions that this endpoint understands; others are kept by number.</summary>
internal enum ExtensionType : ushort
{
    SupportedGroups = 10,
    EcPointFormats = 11,
    SignatureAlgorithms = 13,
    UseSrtp = 14,
    ExtendedMasterSecret = 23,
    SupportedVersions = 43,
    RenegotiationInfo = 0xFF01,
}
