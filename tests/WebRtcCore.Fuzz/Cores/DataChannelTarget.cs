using System.Buffers.Binary;
using WebRtcCore.Primitives;
using WebRtcCore.Sctp;
using WebRtcCore.Sctp.Dcep;
using WebRtcCore.Testing;

namespace WebRtcCore.Fuzz.Cores;

/// <summary>Two data channel sessions: as SCTP, with channels opened, used and closed at any moment.</summary>
internal sealed class DataChannelTarget : DuelTarget
{
    private static readonly DataChannelSessionOptions Options = new()
    {
        Sctp = new SctpOptions { ReceiveBufferSize = 128 * 1024, MaxReceiveMessageSize = 64 * 1024 },
        MaxChannels = 64,
        SendBufferLimit = 512 * 1024,
    };

    public override string Name => "data-channel";

    // After the state byte: commands (0x0E, number, argument), DCEP and data forged as DATA chunks, closing from either side.
    public override IEnumerable<byte[]> Seeds() =>
    [
        [0, 14, 0, 0, 0, 1, 14, 1, 0, 100, 1, 14, 2, 0, 0, 1, 1, 12, 5],
        [20, 14, 0, 0, 3, 0x1E, 0, 0, 1, 1, 14, 1, 200, 0, 1, 1, 14, 2, 0, 0, 0x1E, 2, 0, 0, 1, 1, 12, 6],
        [20, 10, 28, 0, 3, 0, 28, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 50, 3, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
        [20, 14, 0, 0, 0, 1, 14, 3, 0, 0, 1],
        [30, 14, 4, 0, 0, 1, 14, 1, 0, 9, 1, 14, 2, 0, 0, 12, 8, 1],
    ];

    protected override Match Create()
    {
        DataChannelSession[] sides = [new(Options, new SeededRandomSource(1)), new(Options, new SeededRandomSource(2))];
        List<DataChannelId>[] channels = [[], []];
        var tags = new uint[2];
        for (var side = 0; side < 2; side++)
        {
            sides[side].Start(isDtlsClient: side == 0, VirtualClock.Start);
        }

        channels[0].Add(sides[0].OpenChannel(new DataChannelParameters { Label = "first" }, VirtualClock.Start));
        var duel = new Duel(Node(sides[0], channels[0], tags, 1), Node(sides[1], channels[1], tags, 0))
        {
            Repair = (_, bytes) => SctpPackets.WithChecksum(bytes),
            Forge = (side, free) => SctpPackets.Create(tags[side], free),
            Command = (side, command, argument, now) => Command(sides[side], channels[side], command, argument, now),
        };
        return new Match(duel, () => channels[1].Count == 1 && sides[0].GetState(channels[0][0]) == Sctp.Dcep.DataChannelState.Open, static () => { }, static () => { });
    }

    private static void Command(DataChannelSession session, List<DataChannelId> channels, byte command, int argument, Instant now)
    {
        var channel = channels.Count == 0 ? default : channels[(command >> 4) % channels.Count];
        switch (command & 7)
        {
            case 0:
                channels.Add(session.OpenChannel(Parameters(argument), now));
                break;
            case 1:
                session.Send(channel, (command & 8) == 0 ? DataChannelMessageKind.Text : DataChannelMessageKind.Binary, new byte[argument], now);
                break;
            case 2:
                session.CloseChannel(channel, now);
                break;
            case 3:
                session.Close(now);
                break;
            case 4:
                session.Send(channel, DataChannelMessageKind.Binary, [], now);
                break;
            case 5:
                session.Shutdown(now);
                break;
            case 6:
                session.SetRemoteMaxMessageSize(argument);
                break;
            default:
                session.SetBufferedAmountLowThreshold(channel, argument);
                break;
        }
    }

    private static DataChannelParameters Parameters(int argument) => new()
    {
        Label = new string('x', argument & 0xF),
        Ordered = (argument & 0x10) != 0,
        MaxRetransmits = (argument & 0x60) == 0x20 ? (ushort)(argument >> 8) : null,
        MaxPacketLifeTime = (argument & 0x60) == 0x40 ? TimeSpan.FromMilliseconds(argument >> 8) : null,
        Negotiated = (argument & 0x80) != 0,
        Id = (argument & 0x80) != 0 ? (ushort)(argument >> 8) : null,
    };

    private static VirtualNode Node(DataChannelSession session, List<DataChannelId> channels, uint[] tags, int to) => new()
    {
        OnDatagram = (Span<byte> datagram, in NetworkPath _, Instant now) => session.HandleDatagram(datagram, now),
        OnTimeout = session.HandleTimeout,
        OnPoll = (Span<byte> destination, out Transmit transmit) =>
        {
            if (!session.TryPollTransmit(destination, out transmit))
            {
                return false;
            }

            tags[to] = BinaryPrimitives.ReadUInt32BigEndian(destination[4..]);
            return true;
        },
        OnNextTimeout = () => session.NextTimeout,
        OnEvents = _ =>
        {
            while (session.TryPollEvent(out var e))
            {
                if (e.Kind == DataChannelEventKind.ChannelIncoming)
                {
                    channels.Add(e.Channel);
                    Require(e.Parameters is { Label.Length: <= 65_535 }, "A channel that comes in has its parameters.");
                }

                e.Message?.Dispose();
            }
        },
    };
}
