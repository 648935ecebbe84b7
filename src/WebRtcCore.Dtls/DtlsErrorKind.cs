namespace WebRtcCore.Dtls;

/// <summary>Why an association failed.</summary>
public enum DtlsErrorKind
{
    /// <summary>It did not fail.</summary>
    None,

    /// <summary>The handshake did not complete within <see cref="DtlsOptions.HandshakeTimeout"/>.</summary>
    HandshakeTimeout,

    /// <summary>The peer speaks no version that this endpoint speaks.</summary>
    ProtocolVersion,

    /// <summary>No common cipher suite, group or signature algorithm, or a required extension is missing.</summary>
    NoCommonParameters,

    /// <summary>The peer sent a message that the protocol does not allow there, or with content that it does not allow.</summary>
    ProtocolViolation,

    /// <summary>The peer sent no certificate.</summary>
    CertificateMissing,

    /// <summary>The peer's certificate cannot be read or holds a key of the wrong kind.</summary>
    BadCertificate,

    /// <summary>The peer's certificate has none of the expected fingerprints.</summary>
    FingerprintMismatch,

    /// <summary>The peer failed to prove that it holds its certificate's key, or its Finished message is wrong.</summary>
    AuthenticationFailed,

    /// <summary>The peer sent a fatal alert under the negotiated keys.</summary>
    AlertReceived,
}
