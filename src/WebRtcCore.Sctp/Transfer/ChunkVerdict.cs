namespace WebRtcCore.Sctp.Transfer;

/// <summary>Whether a chunk is in order; if not, what the ABORT says that ends the association.</summary>
/// <param name="CauseCode">The error cause; 0 if the chunk is in order.</param>
/// <param name="Information">The cause's information.</param>
/// <param name="Reason">What is wrong, in words.</param>
internal readonly record struct ChunkVerdict(ushort CauseCode, byte[]? Information, string? Reason)
{
    /// <summary>In order.</summary>
    public static ChunkVerdict Fine => default;

    /// <summary>Whether the association has to end.</summary>
    public bool IsFatal => CauseCode != 0;

    /// <summary>The peer wants more than there is.</summary>
    public static ChunkVerdict OutOfResource(string reason) => new(Parameters.CauseCode.OutOfResource, null, reason);

    /// <summary>The peer breaks the protocol.</summary>
    public static ChunkVerdict Violation(string reason) =>
        new(Parameters.CauseCode.ProtocolViolation, System.Text.Encoding.UTF8.GetBytes(reason), reason);
}
