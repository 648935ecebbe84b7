using WebRtcCore.Primitives;
using WebRtcCore.Stun;

namespace WebRtcCore.Ice;

/// <summary>A message that waits for the owner's poll. It is written only then, straight into the owner's buffer.</summary>
internal readonly record struct OutgoingMessage
{
    public required NetworkPath Path { get; init; }

    public required StunClass Class { get; init; }

    public required StunTransactionId TransactionId { get; init; }

    /// <summary>Whose keys sign it; <see langword="null"/> for a request to a STUN server.</summary>
    public GenerationCredentials? Credentials { get; init; }

    /// <summary>The role that a check states.</summary>
    public IceRole Role { get; init; }

    /// <summary>The PRIORITY of a check.</summary>
    public uint Priority { get; init; }

    /// <summary>The number of the nomination that a check carries, or 0.</summary>
    public uint Nomination { get; init; }

    /// <summary>Whether the number is told (renomination); otherwise a nomination is USE-CANDIDATE.</summary>
    public bool IsRenominating { get; init; }

    /// <summary>The code of an error response.</summary>
    public StunErrorCode ErrorCode { get; init; }

    /// <summary>What a 420 response complains about.</summary>
    public ushort[]? UnknownAttributes { get; init; }
}
