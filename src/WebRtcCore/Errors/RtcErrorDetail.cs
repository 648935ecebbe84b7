namespace WebRtcCore;

/// <summary>W3C <c>RTCErrorDetailType</c>: which part of the connection an <see cref="RtcErrorException"/> is about.</summary>
public enum RtcErrorDetail
{
    /// <summary>A data channel failed.</summary>
    DataChannelFailure,

    /// <summary>The DTLS handshake or connection failed.</summary>
    DtlsFailure,

    /// <summary>The peer's certificate does not match its fingerprint.</summary>
    FingerprintFailure,

    /// <summary>The SCTP association failed.</summary>
    SctpFailure,

    /// <summary>A description could not be parsed; <see cref="RtcErrorException.SdpLineNumber"/> tells where.</summary>
    SdpSyntaxError,

    /// <summary>The encoder or its hardware is not available.</summary>
    HardwareEncoderNotAvailable,

    /// <summary>The encoder failed.</summary>
    HardwareEncoderError,
}
