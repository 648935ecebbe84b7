namespace WebRtcCore;

/// <summary>Which TCP candidates a connection has (RFC 6544).</summary>
[Flags]
public enum IceTcpMode
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>It connects to passive candidates of the peer, as browsers do.</summary>
    Active = 1,

    /// <summary>It listens, on a port for each local address; active candidates of the peer, browsers' for instance, connect.</summary>
    Passive = 2,
}
