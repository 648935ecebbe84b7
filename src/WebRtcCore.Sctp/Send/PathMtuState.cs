namespace WebRtcCore.Sctp.Send;

/// <summary>The states of path MTU discovery (RFC 8899, 5.2).</summary>
internal enum PathMtuState
{
    /// <summary>Nothing is looked for: switched off, or nothing is known of the path.</summary>
    Disabled,

    /// <summary>Packets have the base size; one of them has to be acknowledged before anything larger is tried.</summary>
    Base,

    /// <summary>Larger sizes are tried.</summary>
    Searching,

    /// <summary>The largest of the sizes that get through is in use.</summary>
    SearchComplete,

    /// <summary>Not even the base size gets through whole.</summary>
    Error,
}
