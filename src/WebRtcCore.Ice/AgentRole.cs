using WebRtcCore.Primitives;
using WebRtcCore.Stun;

namespace WebRtcCore.Ice;

/// <summary>The agent's role and its tie-breaker, and what to do when the peer has the same role.</summary>
/// <param name="role">The role to start with.</param>
/// <param name="isLite">Whether the agent is a lite one, which is controlled whatever the peer says.</param>
/// <param name="random">Gives tie-breakers.</param>
internal sealed class AgentRole(IceRole role, bool isLite, IRandomSource random)
{
    /// <summary>What a request means for the roles.</summary>
    public enum Outcome
    {
        /// <summary>The roles differ, as they should.</summary>
        Agreed,

        /// <summary>This agent gave way and has the other role now.</summary>
        Switched,

        /// <summary>The peer has to give way: answer 487.</summary>
        PeerMustSwitch,
    }

    public IceRole Role { get; private set; } = role;

    public bool IsControlling => Role == IceRole.Controlling;

    public ulong TieBreaker { get; private set; } = random.NextUInt64();

    /// <summary>Whether both sides know renomination: nominations are numbered then, and the highest counts.</summary>
    public bool IsRenominating { get; set; }

    /// <summary>The attribute by which requests state the role.</summary>
    public static StunAttributeType AttributeOf(IceRole role) =>
        role == IceRole.Controlling ? StunAttributeType.IceControlling : StunAttributeType.IceControlled;

    public void Set(IceRole role) => Role = role;

    public void Switch() => Role = IsControlling ? IceRole.Controlled : IceRole.Controlling;

    /// <summary>Compares an authenticated request's role with this agent's (RFC 8445, 7.3.1.1).</summary>
    public Outcome OnRequest(scoped in StunMessageView request)
    {
        if (!request.TryGetUInt64(AttributeOf(Role), out var theirs))
        {
            return Outcome.Agreed;
        }

        // RFC 8445 6.1.1: beside a lite agent the full one controls, so the tie-breakers decide nothing.
        if (isLite)
        {
            return Outcome.PeerMustSwitch;
        }

        // RFC 8445 7.3.1.1: of two controlling agents the larger tie-breaker stays; of two controlled ones the larger becomes controlling.
        // A tie counts as larger on the side that received the request, so exactly one of the two gives way.
        var isLarger = TieBreaker >= theirs;
        if (isLarger == IsControlling)
        {
            return Outcome.PeerMustSwitch;
        }

        Switch();
        return Outcome.Switched;
    }

    /// <summary>Takes a 487 answer to a request that stated <paramref name="roleSent"/> (RFC 8445, 7.2.5.1).</summary>
    /// <returns>Whether the role changed; it does not if it has changed since the request was sent.</returns>
    public bool OnConflictResponse(IceRole roleSent)
    {
        if (Role != roleSent)
        {
            return false;
        }

        // RFC 8445 7.2.5.1: with another tie-breaker, so that two agents whose roles cross do not meet in the same conflict again.
        TieBreaker = random.NextUInt64();
        Switch();
        return true;
    }
}
