namespace WebRtcCore.Dtls;

/// <summary>A protocol version, by its value on the wire.</summary>
public enum DtlsVersion
{
    /// <summary>DTLS 1.2 (RFC 6347).</summary>
    Dtls12 = 0xFEFD,
}
