using WebRtcCore.Primitives;

namespace WebRtcCore.Sctp.Receive;

/// <summary>What is known about one TSN beyond the cumulative one: a fragment that has come early, or the message that waits for it.</summary>
internal struct FragmentSlot
{
    /// <summary>The message whose next fragment this TSN is.</summary>
    public MessageAssembly? Waiting;

    /// <summary>The bytes of a fragment that came before its predecessor.</summary>
    public PooledBuffer? Early;

    /// <summary>What <see cref="Early"/> is.</summary>
    public Fragment Fragment;

    /// <summary>Whether there is neither.</summary>
    public readonly bool IsEmpty => Waiting is null && Early is null;
}
