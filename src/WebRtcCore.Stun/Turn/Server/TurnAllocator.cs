using WebRtcCore.Primitives;

namespace WebRtcCore.Stun;

/// <summary>Makes allocations: what an Allocate request asks for, checked in the order of RFC 8656, 7.2, and the relayed addresses for it.</summary>
internal sealed class TurnAllocator(TurnRelayOptions options, TurnAllocationTable table, ITurnRelayPorts ports, IRandomSource random)
{
    /// <summary>Makes an allocation and adds it to the table.</summary>
    /// <returns><see langword="null"/>, or why not.</returns>
    public StunErrorCode? TryAllocate(scoped in StunMessageView request, in NetworkPath client, string username, Instant now, out TurnAllocation? allocation)
    {
        allocation = null;
        var error = Check(request, out var families);
        if (error is not null)
        {
            return error;
        }

        if (!table.HasRoomFor(username))
        {
            return StunErrorCode.AllocationQuotaReached;
        }

        if (!table.HasRoom)
        {
            return StunErrorCode.InsufficientCapacity;
        }

        var made = new TurnAllocation(client, username, request.TransactionId, options);
        error = request.TryGetUInt64(StunAttributeType.ReservationToken, out var token)
            ? TakeReserved(made, token, now)
            : Open(made, request, families, now);
        if (error is not null)
        {
            return error;
        }

        table.Add(made, now + GetLifetime(request));
        allocation = made;
        return null;
    }

    /// <summary>The lifetime that a request gets: what it asks for, within the bounds.</summary>
    public TimeSpan GetLifetime(scoped in StunMessageView request)
    {
        var wanted = request.TryGetUInt32(StunAttributeType.Lifetime, out var seconds) ? TimeSpan.FromSeconds(seconds) : options.DefaultLifetime;
        return wanted < options.DefaultLifetime ? options.DefaultLifetime : wanted > options.MaxLifetime ? options.MaxLifetime : wanted;
    }

    private static StunErrorCode? Check(scoped in StunMessageView request, out Families families)
    {
        families = Families.IPv4;
        if (!request.TryGetRequestedTransport(out var protocol))
        {
            return StunErrorCode.BadRequest;
        }

        if (protocol != TurnAttributes.UdpTransport)
        {
            return StunErrorCode.UnsupportedTransportProtocol;
        }

        var hasToken = request.HasAttribute(StunAttributeType.ReservationToken);
        var hasFamily = request.TryGetAddressFamily(StunAttributeType.RequestedAddressFamily, out var family);
        var hasAdditional = request.TryGetAddressFamily(StunAttributeType.AdditionalAddressFamily, out var additional);
        if ((hasToken && (hasFamily || hasAdditional || request.HasAttribute(StunAttributeType.EvenPort)))
            || (hasFamily && hasAdditional)
            || (hasAdditional && additional != TurnAddressFamily.IPv6)
            || (hasAdditional && request.TryGetEvenPort(out var reservesNext) && reservesNext))
        {
            return StunErrorCode.BadRequest;
        }

        if (hasFamily && !Enum.IsDefined(family))
        {
            return StunErrorCode.AddressFamilyNotSupported;
        }

        families = hasAdditional ? Families.Both : hasFamily && family == TurnAddressFamily.IPv6 ? Families.IPv6 : Families.IPv4;
        return null;
    }

    private StunErrorCode? TakeReserved(TurnAllocation allocation, ulong token, Instant now)
    {
        if (!table.TryTakeReserved(token, now, out var address))
        {
            return StunErrorCode.InsufficientCapacity;
        }

        SetRelayed(allocation, address);
        return null;
    }

    private StunErrorCode? Open(TurnAllocation allocation, scoped in StunMessageView request, Families families, Instant now)
    {
        var wantsEven = request.TryGetEvenPort(out var reservesNext);
        var parity = wantsEven ? TurnPortParity.Even : TurnPortParity.Any;
        var first = families == Families.IPv6 ? TurnAddressFamily.IPv6 : TurnAddressFamily.IPv4;
        var error = Open(allocation, first, parity);
        if (families == Families.Both)
        {
            // RFC 8656 7.2: one of the two is enough; about the other the client is told.
            var second = Open(allocation, TurnAddressFamily.IPv6, parity);
            allocation.AdditionalFamilyError = error ?? second;
            error = error is null || second is null ? null : error;
        }

        if (error is null && reservesNext && !TryReserveNext(allocation, allocation.Relayed4.IsNone ? allocation.Relayed6 : allocation.Relayed4, now))
        {
            Close(allocation);
            return StunErrorCode.InsufficientCapacity;
        }

        return error;
    }

    private StunErrorCode? Open(TurnAllocation allocation, TurnAddressFamily family, TurnPortParity parity)
    {
        switch (ports.TryOpen(family, parity, out var address))
        {
            case TurnPortResult.Opened:
                SetRelayed(allocation, address);
                return null;
            case TurnPortResult.NoSuchFamily:
                return StunErrorCode.AddressFamilyNotSupported;
            default:
                return StunErrorCode.InsufficientCapacity;
        }
    }

    private bool TryReserveNext(TurnAllocation allocation, TransportAddress relayed, Instant now)
    {
        var next = relayed.WithPort(relayed.Port + 1);
        if (!ports.TryOpen(next))
        {
            return false;
        }

        allocation.ReservationToken = random.NextUInt64();
        table.Reserve(allocation.ReservationToken.Value, next, now);
        return true;
    }

    private void Close(TurnAllocation allocation)
    {
        foreach (var relayed in allocation.RelayedAddresses)
        {
            ports.Close(relayed);
        }
    }

    private static void SetRelayed(TurnAllocation allocation, TransportAddress address)
    {
        if (address.IsIPv4)
        {
            allocation.Relayed4 = address;
        }
        else
        {
            allocation.Relayed6 = address;
        }
    }

    private enum Families
    {
        IPv4,
        IPv6,
        Both,
    }
}
