using WebRtcCore.Primitives;
using WebRtcCore.Stun;

namespace WebRtcCore.Ice;

/// <summary>
/// Answers the authenticated requests of one generation (RFC 8445, 7.3) and says which of them are checks to act on. What comes before the peer's credentials
/// are known is answered and remembered.
/// </summary>
internal sealed class CheckResponder(CheckContext context, GenerationCredentials credentials)
{
    private const int MaxUnknownAttributes = 8;
    private readonly EarlyRequests _early = new(context.Options.MaxEarlyRequests);

    /// <summary>What <see cref="Answer"/> found.</summary>
    public enum Outcome
    {
        /// <summary>The request was refused, or is of no consequence.</summary>
        Ended,

        /// <summary>A check was answered.</summary>
        Answered,

        /// <summary>A check was answered, and it made this agent change its role.</summary>
        AnsweredAndSwitched,
    }

    /// <summary>Answers a request whose USERNAME names this generation and whose integrity is proved.</summary>
    public Outcome Answer(scoped in StunMessageView request, in NetworkPath path, out CheckRequest check)
    {
        check = default;
        Span<ushort> unknown = stackalloc ushort[MaxUnknownAttributes];
        unknown = unknown[..request.GetUnknownRequired(unknown)];
        if (unknown.Length > 0)
        {
            Respond(request, path, StunErrorCode.UnknownAttribute, unknown.ToArray());
            return Outcome.Ended;
        }

        if (!request.TryGetUInt32(StunAttributeType.Priority, out var priority))
        {
            Respond(request, path, StunErrorCode.BadRequest);
            return Outcome.Ended;
        }

        check = new CheckRequest(path, priority, NominationOf(request));
        if (request.TryGetAttribute(StunAttributeType.Username, out var username) && !credentials.IsFromKnownPeer(username))
        {
            OnForerunner(request, path);
            return Outcome.Ended;
        }

        var role = context.Role.OnRequest(request);
        Respond(request, path, role == AgentRole.Outcome.PeerMustSwitch ? StunErrorCode.RoleConflict : null);
        return role switch
        {
            AgentRole.Outcome.PeerMustSwitch => Outcome.Ended,
            AgentRole.Outcome.Switched => Outcome.AnsweredAndSwitched,
            _ => Outcome.Answered,
        };
    }

    /// <summary>Remembers a check that cannot be acted on before the peer's credentials are known.</summary>
    public void Remember(in CheckRequest check)
    {
        if (!_early.TryAdd(check))
        {
            context.Drops.Add(IceDropReason.LimitReached);
        }
    }

    /// <summary>Whether a request that could not yet be acted on came on a path.</summary>
    public bool IsRemembered(in NetworkPath path) => _early.Contains(path);

    /// <summary>Takes all that was remembered.</summary>
    public CheckRequest[] TakeRemembered()
    {
        CheckRequest[] remembered = [.. _early.Entries];
        _early.Clear();
        return remembered;
    }

    private static uint NominationOf(scoped in StunMessageView request) =>
        request.TryGetUInt32(StunAttributeType.Nomination, out var number) ? number
        : request.HasAttribute(StunAttributeType.UseCandidate) ? 1u
        : 0u;

    // A browser that restarts checks from its new sockets at once, with our credentials as it knows them and its own new ones, which
    // signalling has not brought yet. It has proved that it is the peer: its path counts as validated. A check back could not succeed.
    private void OnForerunner(scoped in StunMessageView request, in NetworkPath path)
    {
        if (_early.TryAdd(new CheckRequest(path, Priority: 0, Nomination: 0)))
        {
            Respond(request, path);
        }
        else
        {
            context.Drops.Add(IceDropReason.LimitReached);
        }
    }

    private void Respond(scoped in StunMessageView request, in NetworkPath path, StunErrorCode? error = null, ushort[]? unknown = null) =>
        context.Outbox.Send(new OutgoingMessage
        {
            Path = path,
            Class = error is null ? StunClass.SuccessResponse : StunClass.ErrorResponse,
            TransactionId = request.TransactionId,
            Credentials = credentials,
            ErrorCode = error.GetValueOrDefault(),
            UnknownAttributes = unknown,
        });
}
