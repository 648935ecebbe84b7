using WebRtcCore.Primitives;
using WebRtcCore.Sctp.Packets;

namespace WebRtcCore.Sctp.Send;

/// <summary>A fragment that has been sent and is not acknowledged cumulatively.</summary>
internal struct OutstandingChunk
{
    /// <summary>Its message; <see langword="null"/> for the placeholder that ends a message given up half sent.</summary>
    public OutgoingMessage? Message;

    /// <summary>Where the fragment begins in the message.</summary>
    public int Offset;

    /// <summary>Its bytes of user data.</summary>
    public int Length;

    /// <summary>Which fragment of the message it is; I-DATA shows it.</summary>
    public uint Number;

    /// <summary>When it was last sent.</summary>
    public Instant SentAt;

    /// <summary>The fragment in flight sent before it; see <see cref="OutstandingRing"/>.</summary>
    public Tsn Earlier;

    /// <summary>The fragment in flight sent after it.</summary>
    public Tsn Later;

    /// <summary>How far into its packet it reached when it was last sent; see <see cref="PathMtuDiscovery.OnDelivered"/>.</summary>
    public ushort PacketLength;

    /// <summary>How often it was sent.</summary>
    public ushort Transmissions;

    /// <summary>How often it was reported missing; where it was acknowledged before, how often that was taken back.</summary>
    public byte Misses;

    /// <summary>The flags of its DATA chunk.</summary>
    public byte Flags;

    /// <summary>What is known about it.</summary>
    public OutstandingState State;
}
