namespace WebRtcCore.Dtls;

/// <summary>What an alert says (RFC 5246 7.2 and its extensions). A peer may send values that are not listed here.</summary>
public enum DtlsAlertDescription : byte
{
    /// <summary>The sender will send nothing more.</summary>
    CloseNotify = 0,

    /// <summary>A message that does not fit the state.</summary>
    UnexpectedMessage = 10,

    /// <summary>A record that fails authentication.</summary>
    BadRecordMac = 20,

    /// <summary>A record longer than allowed.</summary>
    RecordOverflow = 22,

    /// <summary>No acceptable set of parameters.</summary>
    HandshakeFailure = 40,

    /// <summary>A certificate that is corrupt or, in WebRTC, does not match its fingerprint.</summary>
    BadCertificate = 42,

    /// <summary>A certificate of an unsupported type.</summary>
    UnsupportedCertificate = 43,

    /// <summary>A certificate that was revoked.</summary>
    CertificateRevoked = 44,

    /// <summary>A certificate that is not valid now.</summary>
    CertificateExpired = 45,

    /// <summary>A certificate that is unacceptable for another reason.</summary>
    CertificateUnknown = 46,

    /// <summary>A field out of range or inconsistent with others.</summary>
    IllegalParameter = 47,

    /// <summary>A certificate chain without a known authority.</summary>
    UnknownCa = 48,

    /// <summary>A valid certificate without permission.</summary>
    AccessDenied = 49,

    /// <summary>A message that cannot be decoded.</summary>
    DecodeError = 50,

    /// <summary>A failed signature or Finished check.</summary>
    DecryptError = 51,

    /// <summary>A version that is not supported.</summary>
    ProtocolVersion = 70,

    /// <summary>Parameters that are not secure enough.</summary>
    InsufficientSecurity = 71,

    /// <summary>An error unrelated to the peer.</summary>
    InternalError = 80,

    /// <summary>The handshake was cancelled by its user.</summary>
    UserCanceled = 90,

    /// <summary>Renegotiation is refused; a warning.</summary>
    NoRenegotiation = 100,

    /// <summary>An extension that had to be there is not (RFC 8446).</summary>
    MissingExtension = 109,

    /// <summary>An extension that was not offered.</summary>
    UnsupportedExtension = 110,

    /// <summary>A certificate was required (RFC 8446).</summary>
    CertificateRequired = 116,
}
