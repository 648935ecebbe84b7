namespace WebRtcCore.Dtls.Handshake;

/// <summary>What became of a handshake fragment.</summary>
internal enum FragmentOutcome
{
    /// <summary>Kept, or already there.</summary>
    Kept,

    /// <summary>It belongs to a message that has been handled: the peer repeats its flight.</summary>
    Repeated,

    /// <summary>Dropped: inconsistent, empty, too large or too far ahead.</summary>
    Dropped,
}
