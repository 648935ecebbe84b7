using WebRtcCore.Ice;
using WebRtcCore.Primitives;
using WebRtcCore.Stun;
using WebRtcCore.Testing;

namespace WebRtcCore.Fuzz.Cores;

/// <summary>Two ICE agents; forged messages are STUN with a valid integrity, so that their content is looked at.</summary>
internal sealed class IceTarget : DuelTarget
{
    private static readonly IceCredentials[] Credentials = [new("aaaa", "aaaaaaaaaaaaaaaaaaaaaaaa"), new("bbbb", "bbbbbbbbbbbbbbbbbbbbbbbb")];
    private static readonly StunIntegrityKey[] Keys = [.. Credentials.Select(credentials => StunIntegrityKey.FromPassword(credentials.Password))];
    private static readonly TransportAddress[] Addresses = [Pair.AddressA, Pair.AddressB];

    public override string Name => "ice";

    public override IEnumerable<byte[]> Seeds() =>
    [
        [0, 1, 1, 1, 12, 10],
        [8, 14, 0, 0, 0, 1, 1, 12, 8],
        [4, 10, 24, 0, 1, 0, 0x25, 0, 0, 0, 0x24, 0, 4, 1, 2, 3, 4, 0x80, 0x29, 0, 8, 255, 255, 255, 255, 255, 255, 255, 255, 1],
        [2, 14, 3, 0, 7, 14, 4, 0, 1, 1, 12, 14, 1],
        [6, 3, 3, 12, 12, 1, 14, 5, 0, 0],
        [0, 1, 1, 14, 7, 1, 14, 8, 0, 1, 14, 9, 0, 1, 1, 12],
        [0, 1, 14, 10, 0, 1, 12, 14, 8, 0, 14, 9, 3, 1],
    ];

    protected override Match Create()
    {
        IceAgent[] agents = [Create(0), Create(1)];
        for (var side = 0; side < 2; side++)
        {
            agents[side].StartGathering([Addresses[side]], [], VirtualClock.Start);
            agents[side].SetRemoteCredentials(Credentials[1 - side], VirtualClock.Start);
            agents[side].AddRemoteCandidate(Candidate(Addresses[1 - side], 1), VirtualClock.Start);
        }

        return new Match(
            new Duel(Node(agents[0]), Node(agents[1])) { Forge = Forge, Command = (side, command, argument, now) => Command(agents[side], side, command, argument, now) },
            () => agents.All(agent => agent.GetSelectedPair() is { IsNominated: true }),
            () => Require(agents.All(agent => agent.GetCandidatePairs().Count <= new IceAgentOptions().MaxCandidatePairs), "Pairs are capped."),
            () => Array.ForEach(agents, agent => agent.Dispose()));
    }

    private static void Command(IceAgent agent, int side, byte command, int argument, Instant now)
    {
        switch (command % 12)
        {
            case 0:
                agent.Restart(now);
                break;
            case 1:
                agent.SetRemoteCredentials(Credentials[1 - side], now);
                break;
            case 2:
                agent.SetRemoteCredentials(new IceCredentials("cccc", "cccccccccccccccccccccccc"), now);
                break;
            case 3:
                agent.AddRemoteCandidate(Candidate(Pair.AddressA.WithPort(1 + (argument % 65_000)), (uint)argument), now);
                break;
            case 4:
                agent.SetRemoteEndOfCandidates(now);
                break;
            case 5:
                agent.Close(now);
                break;
            case 6:
                agent.SetRemoteIsLite((argument & 1) != 0);
                break;
            case 7:
                agent.SetRemoteRenomination((argument & 1) != 0);
                break;
            case 8:
                agent.RemoveHostAddress(Addresses[side], now);
                break;
            case 9:
                agent.AddHostAddress(Addresses[side], argument, now);
                break;
            case 10:
                agent.RestartWithoutGathering(Credentials[side], now);
                agent.GatherAnew(new IceGatheringOptions { HostAddresses = [Addresses[side]] }, now);
                break;
            default:
                agent.TryUndoRestart(now);
                break;
        }
    }

    // First byte: class and method bits; second: which end signs; then attributes as they are, integrity and fingerprint behind.
    private static byte[] Forge(int side, byte[] free)
    {
        if (free.Length < 2)
        {
            return free;
        }

        var body = free.AsSpan(2)[..((free.Length - 2) & ~3)];
        var bytes = new byte[1024];
        var messageClass = (StunClass)(((free[0] & 1) << 4) | ((free[0] & 2) << 7));
        var writer = new StunMessageWriter(bytes, messageClass, (StunMethod)(1 + ((free[0] >> 2) & 1)), StunTransactionId.Create(new SeededRandomSource(free[0])));
        writer.AddText(StunAttributeType.Username, $"{Credentials[side].UsernameFragment}:{Credentials[1 - side].UsernameFragment}");
        var reader = new SpanReader(body);
        while (reader.TryReadUInt16(out var type) && reader.TryReadVector16(out var value))
        {
            if (type is not ((ushort)StunAttributeType.MessageIntegrity or (ushort)StunAttributeType.MessageIntegritySha256 or (ushort)StunAttributeType.Fingerprint))
            {
                writer.Add((StunAttributeType)type, value);
            }
        }

        writer.AddMessageIntegrity(Keys[(free[1] & 1) == 0 ? side : 1 - side]);
        writer.AddFingerprint();
        return bytes[..writer.Length];
    }

    private static IceAgent Create(int side) => new(
        new IceAgentOptions { Role = side == 0 ? Ice.IceRole.Controlling : Ice.IceRole.Controlled, LocalCredentials = Credentials[side] },
        new SeededRandomSource(side));

    private static Ice.IceCandidate Candidate(TransportAddress address, uint priority) =>
        new() { Foundation = "1", Priority = priority, Address = address, Type = Ice.IceCandidateType.Host };

    private static VirtualNode Node(IceAgent agent) => new()
    {
        OnDatagram = (Span<byte> datagram, in NetworkPath path, Instant now) => agent.HandleDatagram(datagram, path, now),
        OnTimeout = agent.HandleTimeout,
        OnPoll = agent.TryPollTransmit,
        OnNextTimeout = () => agent.NextTimeout,
        OnEvents = _ =>
        {
            while (agent.TryPollEvent(out var _))
            {
            }
        },
    };
}
