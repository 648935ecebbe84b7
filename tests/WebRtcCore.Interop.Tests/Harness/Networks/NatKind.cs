namespace WebRtcCore.Interop.Tests.Harness.Networks;

/// <summary>How a router of <see cref="NatNetwork"/> translates.</summary>
internal enum NatKind
{
    /// <summary><c>masquerade</c>: keeps the port where it can, so that one socket has one address outside; lets in what has been sent to.</summary>
    Masquerade,

    /// <summary><c>masquerade random</c>: another port for each destination.</summary>
    Random,

    /// <summary><c>masquerade fully-random</c>: the same, from the kernel's random numbers.</summary>
    FullyRandom,
}
