namespace WebRtcCore.Dtls;

/// <summary>Which side of the handshake an endpoint is (SDP <c>a=setup</c>: active is the client, passive the server).</summary>
public enum DtlsRole
{
    /// <summary>Sends the ClientHello.</summary>
    Client,

    /// <summary>Waits for the ClientHello.</summary>
    Server,
}
