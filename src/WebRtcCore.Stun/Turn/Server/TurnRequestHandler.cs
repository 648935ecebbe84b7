using Microsoft.Extensions.Logging;
using WebRtcCore.Primitives;

namespace WebRtcCore.Stun;

/// <summary>Carries out the requests of clients, and answers each: Binding, Allocate, Refresh, CreatePermission, ChannelBind (RFC 8656, 7 to 12).</summary>
internal sealed class TurnRequestHandler(
    TurnRelayOptions options,
    TurnAllocationTable allocations,
    TurnAuthentication authentication,
    TurnAllocator allocator,
    TurnAnswers answers,
    ILogger logger)
{
    private const int MaxUnknownAttributes = 8;
    private TokenBucket _unauthenticated = new(options.MaxUnauthenticatedAnswersPerSecond);

    private delegate void WriteAttributes(ref StunMessageWriter writer);

    public long AllocationsMade { get; private set; }

    public long Refused { get; private set; }

    public long Challenges { get; private set; }

    public void Handle(scoped in StunMessageView request, in NetworkPath path, Instant now)
    {
        var client = path.Remote;
        if (request.Method == StunMethod.Binding)
        {
            AnswerStranger(request, path, now, (ref StunMessageWriter writer) => writer.AddXorAddress(StunAttributeType.XorMappedAddress, client));
            return;
        }

        if (authentication.Check(request, client, now, out var identity) is { } error)
        {
            Challenges++;
            var isChallenge = error is StunErrorCode.Unauthenticated or StunErrorCode.StaleNonce;
            AnswerStranger(request, path, now, isChallenge ? (ref StunMessageWriter writer) => authentication.AddChallenge(ref writer, client, now) : null, error);
            return;
        }

        using (identity)
        {
            Handle(request, path, identity!, now);
        }
    }

    private void Handle(scoped in StunMessageView request, in NetworkPath path, TurnIdentity identity, Instant now)
    {
        Span<ushort> unknown = stackalloc ushort[MaxUnknownAttributes];
        var count = GetUnknown(request, unknown);
        if (count > 0)
        {
            var types = unknown[..count].ToArray();
            Refuse(request, path, identity, StunErrorCode.UnknownAttribute, (ref StunMessageWriter writer) => writer.AddUnknownAttributes(types));
            return;
        }

        var allocation = allocations.Find(path);
        if (request.Method == StunMethod.Allocate)
        {
            OnAllocate(request, path, identity, allocation, now);
        }
        else if (allocation is null || allocation.ExpiresAt <= now)
        {
            OnWithoutAllocation(request, path, identity);
        }
        else if (allocation.Username != identity.Username)
        {
            Refuse(request, path, identity, StunErrorCode.WrongCredentials);
        }
        else
        {
            OnAllocated(request, path, identity, allocation, now);
        }
    }

    // DONT-FRAGMENT is an attribute that this server does not serve: RFC 8656 7.2 has it answered like an unknown one.
    private static int GetUnknown(scoped in StunMessageView request, Span<ushort> unknown)
    {
        var count = request.GetUnknownRequired(unknown);
        if (request.HasAttribute(StunAttributeType.DontFragment) && count < unknown.Length)
        {
            unknown[count++] = (ushort)StunAttributeType.DontFragment;
        }

        return count;
    }

    private void OnAllocate(scoped in StunMessageView request, in NetworkPath path, TurnIdentity identity, TurnAllocation? present, Instant now)
    {
        if (present is not null && present.TransactionId != request.TransactionId)
        {
            Refuse(request, path, identity, StunErrorCode.AllocationMismatch);
            return;
        }

        if (present is null && allocator.TryAllocate(request, path, identity.Username, now, out present) is { } error)
        {
            Refuse(request, path, identity, error);
            return;
        }

        // RFC 8656 7.2: a request that is sent again gets the same answer.
        if (present!.ExpiresAt > now && request.TransactionId == present.TransactionId)
        {
            AllocationsMade += present.IsAnnounced ? 0 : 1;
            present.IsAnnounced = true;
            Log.TurnAllocated(logger, allocations.Count);
            AnswerAllocated(request, path, identity, present, now);
        }
    }

    private void AnswerAllocated(scoped in StunMessageView request, in NetworkPath path, TurnIdentity identity, TurnAllocation allocation, Instant now)
    {
        var client = path.Remote;
        Answer(request, path, identity, null, (ref StunMessageWriter writer) =>
        {
            foreach (var relayed in allocation.RelayedAddresses)
            {
                writer.AddXorAddress(StunAttributeType.XorRelayedAddress, relayed);
            }

            writer.AddUInt32(StunAttributeType.Lifetime, (uint)(allocation.ExpiresAt - now).TotalSeconds);
            writer.AddXorAddress(StunAttributeType.XorMappedAddress, client);
            if (allocation.ReservationToken is { } token)
            {
                writer.AddUInt64(StunAttributeType.ReservationToken, token);
            }

            if (allocation.AdditionalFamilyError is { } error)
            {
                var family = allocation.Relayed4.IsNone ? TurnAddressFamily.IPv4 : TurnAddressFamily.IPv6;
                writer.AddAddressErrorCode(family, error, TurnReasons.Get(error));
            }
        });
    }

    // RFC 8656 8.2: whoever ends what is over already has what they want.
    private void OnWithoutAllocation(scoped in StunMessageView request, in NetworkPath path, TurnIdentity identity)
    {
        if (request.Method == StunMethod.Refresh && request.TryGetUInt32(StunAttributeType.Lifetime, out var seconds) && seconds == 0)
        {
            Answer(request, path, identity, null, (ref StunMessageWriter writer) => writer.AddUInt32(StunAttributeType.Lifetime, 0));
        }
        else
        {
            Refuse(request, path, identity, StunErrorCode.AllocationMismatch);
        }
    }

    private void OnAllocated(scoped in StunMessageView request, in NetworkPath path, TurnIdentity identity, TurnAllocation allocation, Instant now)
    {
        switch (request.Method)
        {
            case StunMethod.Refresh:
                OnRefresh(request, path, identity, allocation, now);
                break;
            case StunMethod.CreatePermission:
                Conclude(request, path, identity, Permit(request, allocation, now));
                break;
            case StunMethod.ChannelBind:
                Conclude(request, path, identity, Bind(request, allocation, now));
                break;
            default:
                Refuse(request, path, identity, StunErrorCode.BadRequest);
                break;
        }
    }

    private void OnRefresh(scoped in StunMessageView request, in NetworkPath path, TurnIdentity identity, TurnAllocation allocation, Instant now)
    {
        if (request.TryGetAddressFamily(StunAttributeType.RequestedAddressFamily, out var family)
            && (family == TurnAddressFamily.IPv4 ? allocation.Relayed4 : allocation.Relayed6).IsNone)
        {
            Refuse(request, path, identity, StunErrorCode.PeerAddressFamilyMismatch);
            return;
        }

        var isEnd = request.TryGetUInt32(StunAttributeType.Lifetime, out var wanted) && wanted == 0;
        var lifetime = isEnd ? TimeSpan.Zero : allocator.GetLifetime(request);
        if (isEnd)
        {
            allocations.Remove(allocation);
        }
        else
        {
            allocations.Prolong(allocation, now + lifetime);
        }

        Answer(request, path, identity, null, (ref StunMessageWriter writer) => writer.AddUInt32(StunAttributeType.Lifetime, (uint)lifetime.TotalSeconds));
    }

    // RFC 8656 10.2: all of the addresses, or none.
    private StunErrorCode? Permit(scoped in StunMessageView request, TurnAllocation allocation, Instant now)
    {
        var peers = new List<TransportAddress>();
        foreach (var attribute in request.Attributes)
        {
            if (attribute.Type != StunAttributeType.XorPeerAddress)
            {
                continue;
            }

            if (!request.TryReadXorAddress(attribute, out var stated))
            {
                return StunErrorCode.BadRequest;
            }

            if (CheckPeer(allocation, stated, out var peer) is { } error)
            {
                return error;
            }

            peers.Add(peer);
        }

        if (peers.Count == 0)
        {
            return StunErrorCode.BadRequest;
        }

        if (!allocation.HasRoomFor(peers, now))
        {
            return StunErrorCode.InsufficientCapacity;
        }

        foreach (var peer in peers)
        {
            allocation.Permit(peer, now);
        }

        return null;
    }

    private StunErrorCode? Bind(scoped in StunMessageView request, TurnAllocation allocation, Instant now)
    {
        if (!request.TryGetChannel(out var channel) || !channel.IsServed || !request.TryGetXorAddress(StunAttributeType.XorPeerAddress, out var stated) || stated.Port == 0)
        {
            return StunErrorCode.BadRequest;
        }

        return CheckPeer(allocation, stated, out var peer) ?? allocation.Bind(channel, peer, now);
    }

    // The port of a permission does not count, and may be 0.
    private StunErrorCode? CheckPeer(TurnAllocation allocation, TransportAddress stated, out TransportAddress peer)
    {
        if (!TurnPeerAddress.TryCanonicalize(stated.Port == 0 ? stated.WithPort(1) : stated, out peer) || !options.PeerRules.Allows(peer))
        {
            return StunErrorCode.Forbidden;
        }

        return allocation.HasFamilyOf(peer) ? null : StunErrorCode.PeerAddressFamilyMismatch;
    }

    private void Conclude(scoped in StunMessageView request, in NetworkPath path, TurnIdentity identity, StunErrorCode? error)
    {
        if (error is { } code)
        {
            Refuse(request, path, identity, code);
        }
        else
        {
            Answer(request, path, identity, null);
        }
    }

    private void Refuse(scoped in StunMessageView request, in NetworkPath path, TurnIdentity identity, StunErrorCode error, WriteAttributes? write = null)
    {
        Refused++;
        Log.TurnRequestRefused(logger, request.Method, (int)error);
        Answer(request, path, identity, error, write);
    }

    private void AnswerStranger(scoped in StunMessageView request, in NetworkPath path, Instant now, WriteAttributes? write, StunErrorCode? error = null)
    {
        if (_unauthenticated.TryTake(1, now))
        {
            Answer(request, path, null, error, write);
        }
    }

    private void Answer(scoped in StunMessageView request, in NetworkPath path, TurnIdentity? identity, StunErrorCode? error, WriteAttributes? write = null)
    {
        var writer = new StunMessageWriter(answers.Scratch, error is null ? StunClass.SuccessResponse : StunClass.ErrorResponse, request.Method, request.TransactionId);
        if (error is { } code)
        {
            writer.AddErrorCode(code, TurnReasons.Get(code));
        }

        write?.Invoke(ref writer);
        if (options.Software.Length > 0)
        {
            writer.AddText(StunAttributeType.Software, options.Software);
        }

        identity?.AddIntegrity(ref writer);
        if (request.HasFingerprint)
        {
            writer.AddFingerprint();
        }

        answers.Add(writer.Written, path);
    }
}
