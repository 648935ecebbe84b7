using System.Buffers.Binary;
using WebRtcCore.Primitives;
using WebRtcCore.Sctp;
using WebRtcCore.Testing;

namespace WebRtcCore.Fuzz.Cores;

/// <summary>Two SCTP associations, with DATA or with I-DATA; changed and forged packets carry the right checksum and the verification tag last seen.</summary>
internal sealed class SctpTarget(bool isInterleaving) : DuelTarget
{
    private const int ReceiveBuffer = 128 * 1024;
    private const int LargestMessage = 64 * 1024;

    private readonly SctpOptions _options = new()
    {
        ReceiveBufferSize = ReceiveBuffer,
        MaxReceiveMessageSize = LargestMessage,
        MessageInterleaving = isInterleaving,
    };

    public override string Name => isInterleaving ? "sctp-interleaving" : "sctp";

    // The first byte gives the starting state: none of the handshake's packets has arrived, the first, the second, ..., all, and data has.
    public override IEnumerable<byte[]> Seeds() =>
    [
        .. Enumerable.Range(0, 10).Select(static count => (byte[])[(byte)count, 14, 0, 8, 0, 1, 30, 0, 1, 0, 1, 12, 5, 1]),
        [10, 14, 0, 255, 255, 0x0E, 1, 0, 1, 1, 3, 1, 12, 8, 1, 1],
        [10, 10, 16, 0, 3, 0, 16, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 51, 1],
        [10, 14, 2, 0, 0, 1, 14, 3, 0, 0, 1, 1],
        [12, 6, 1, 0, 13, 4, 7, 1, 0, 16, 255, 1],

        // Forged: I-DATA, I-FORWARD-TSN, FORWARD TSN, a stream reset; large messages on two streams with a limit, given up half sent.
        [10, 10, 21, 64, 2, 0, 21, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 51, 1],
        [10, 10, 16, 194, 0, 0, 16, 0, 0, 0, 9, 0, 1, 0, 1, 0, 0, 0, 3],
        [10, 10, 12, 192, 0, 0, 12, 0, 0, 0, 9, 0, 1, 0, 3],
        [10, 10, 22, 130, 0, 0, 22, 0, 13, 0, 18, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 1],
        [10, 14, 0x15, 19, 100, 14, 0x20, 250, 0, 3, 3, 1, 12, 6, 14, 0x12, 0, 0, 1, 12, 8, 1],
        [10, 14, 0x16, 19, 100, 14, 0x10, 250, 0, 14, 0x2F, 4, 0, 3, 12, 5, 1, 0x1E, 0x22, 0, 0, 1, 1],
    ];

    protected override Match Create()
    {
        SctpAssociation[] sides = [new(_options, new SeededRandomSource(1)), new(_options, new SeededRandomSource(2))];
        var tags = new uint[2];
        sides[0].Associate(VirtualClock.Start);
        sides[1].Associate(VirtualClock.Start);
        var duel = new Duel(Node(sides[0], tags, 1), Node(sides[1], tags, 0))
        {
            Repair = (side, bytes) => SctpPackets.WithChecksum(bytes),
            Forge = (side, free) => SctpPackets.Create(tags[side], free),
            Command = (side, command, argument, now) => Command(sides[side], command, argument, now),
        };
        return new Match(duel, () => sides.All(side => side.State == SctpAssociationState.Established), () => Check(sides), static () => { });
    }

    private static void Check(SctpAssociation[] sides)
    {
        foreach (var side in sides)
        {
            var statistics = side.GetStatistics();
            Require(statistics.LocalReceiverWindow is >= 0 and <= ReceiveBuffer, "The window is at most the buffer.");
            Require(statistics.BytesInFlight >= 0, "Nothing is acknowledged twice.");
            Require(statistics.UnacknowledgedChunks >= 0, "Chunks are counted once.");
        }
    }

    private static void Command(SctpAssociation association, byte command, int argument, Instant now)
    {
        var stream = (ushort)(command >> 4);
        switch (command & 7)
        {
            case 0 or 1:
                association.Send(stream, new SctpSendParameters(51, IsUnordered: (command & 8) != 0), new byte[argument], now);
                break;
            case 2:
                association.ResetStream(stream, now);
                break;
            case 3:
                association.Shutdown(now);
                break;
            case 4:
                association.Abort(now, "fuzz");
                break;
            case 5:
                association.Send(stream, new SctpSendParameters(53, true, argument % 3), new byte[argument % 5000], now);
                break;
            case 6:
                association.Send(stream, new SctpSendParameters(53, false, null, TimeSpan.FromMilliseconds(argument % 300)), new byte[argument % 5000], now);
                break;
            case 7 when (command & 8) != 0:
                association.SetStreamPriority(stream, (ushort)argument);
                break;
            default:
                association.SetRoundTripTime(TimeSpan.FromMilliseconds(argument));
                break;
        }
    }

    private static VirtualNode Node(SctpAssociation association, uint[] tags, int to) => new()
    {
        OnDatagram = (Span<byte> datagram, in NetworkPath _, Instant now) => association.HandleDatagram(datagram, now),
        OnTimeout = association.HandleTimeout,
        OnPoll = (Span<byte> destination, out Transmit transmit) =>
        {
            if (!association.TryPollTransmit(destination, out transmit))
            {
                return false;
            }

            tags[to] = BinaryPrimitives.ReadUInt32BigEndian(destination[4..]);
            return true;
        },
        OnNextTimeout = () => association.NextTimeout,
        OnEvents = now =>
        {
            while (association.TryPollEvent(out var e))
            {
                if (e.Message is { } message)
                {
                    Require(message.Length <= LargestMessage, "Messages are bounded.");
                    association.ReleaseReceiveCredit(message.Length, now);
                    message.Dispose();
                }
            }
        },
    };
}
