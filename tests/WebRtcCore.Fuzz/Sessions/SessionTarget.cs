using WebRtcCore.Dtls;
using WebRtcCore.Fuzz.Cores;
using WebRtcCore.Ice;
using WebRtcCore.Primitives;
using WebRtcCore.Sctp.Dcep;
using WebRtcCore.Session;
using WebRtcCore.Session.Negotiation;
using WebRtcCore.Testing;
using WebRtcCore.Tests.Security;

namespace WebRtcCore.Fuzz.Sessions;

/// <summary>Two whole sessions: ICE, DTLS, SRTP and data channels behind one demultiplexer.</summary>
internal sealed class SessionTarget : DuelTarget
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly IceParameters[] Parameters = [new("aaaa", "aaaaaaaaaaaaaaaaaaaaaaaa"), new("bbbb", "bbbbbbbbbbbbbbbbbbbbbbbb")];
    private static readonly TransportAddress[] Addresses = [Pair.AddressA, Pair.AddressB];
    private static readonly DtlsCertificate[] Certificates =
        [.. Enumerable.Range(1, 2).Select(seed => DtlsCertificate.Generate(Now, TimeSpan.FromDays(30), new SeededRandomSource(seed)))];

    public override string Name => "session";

    public override IEnumerable<byte[]> Seeds() =>
    [
        [0, 1, 1, 1, 12, 4, 1],
        [30, 14, 0, 0, 200, 1, 1, 14, 1, 0, 0, 1],
        [12, 9, 20, 22, 254, 253, 0, 0, 0, 0, 0, 0, 0, 9, 0, 7, 14, 0, 0, 0, 0, 9, 0, 0, 1, 1],
        [40, 9, 16, 128, 96, 0, 1, 0, 0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 1],
        [40, 9, 12, 128, 200, 0, 6, 1, 2, 3, 4, 5, 6, 7, 8, 14, 2, 0, 0, 1],
        [6, 6, 1, 0, 13, 4, 7, 1, 0, 16, 255, 1, 12, 9],
    ];

    protected override Match Create()
    {
        RtcSession[] sessions = [Create(0), Create(1)];
        var channels = new DataChannelId[2];
        for (var side = 0; side < 2; side++)
        {
            sessions[side].Ice.StartGathering([Addresses[side]], [], VirtualClock.Start);
            sessions[side].Apply(Negotiated(side), VirtualClock.Start);
            channels[side] = sessions[side].Data.OpenChannel(new DataChannelParameters { Label = "x", Negotiated = true, Id = 1 }, VirtualClock.Start);
        }

        var nodes = new[] { new SessionNode(sessions[0]), new SessionNode(sessions[1]) };
        return new Match(
            new Duel(nodes[0], nodes[1]) { Command = (side, command, argument, now) => Command(sessions[side], channels[side], command, argument, now) },
            () => sessions.All(session => session.Dtls?.State == DtlsState.Connected) && sessions[0].Data.GetState(channels[0]) == Sctp.Dcep.DataChannelState.Open,
            static () => { },
            () => Array.ForEach(sessions, session => session.Dispose()));
    }

    private static void Command(RtcSession session, DataChannelId channel, byte command, int argument, Instant now)
    {
        switch (command % 4)
        {
            case 0:
                session.Data.Send(channel, DataChannelMessageKind.Binary, new byte[argument], now);
                break;
            case 1:
                session.Ice.Restart(now);
                break;
            case 2:
                session.Data.CloseChannel(channel, now);
                break;
            default:
                session.Close(now);
                session.CloseTransport(now);
                break;
        }

        session.Advance(now);
    }

    private static RtcSession Create(int side) => new(
        new RtcSessionOptions
        {
            Certificate = Certificates[side],
            Cname = "fuzz",
            Ice = new IceAgentOptions
            {
                Role = side == 0 ? Ice.IceRole.Controlling : Ice.IceRole.Controlled,
                LocalCredentials = new IceCredentials(Parameters[side].UsernameFragment!, Parameters[side].Password!),
            },
        },
        new SeededRandomSource(side),
        new DroppedDatagrams(),
        logger: null);

    private static NegotiatedSession Negotiated(int side) => new()
    {
        HasAnswer = true,
        Data = new NegotiatedData("0", 5000, 65_536),
        Transport = new NegotiatedTransport
        {
            RemoteIce = Parameters[1 - side],
            RemoteCandidates = [new Ice.IceCandidate { Foundation = "1", Priority = 1, Address = Addresses[1 - side], Type = Ice.IceCandidateType.Host }.ToString()],
            RemoteFingerprints = Certificates[1 - side].GetFingerprints(),
            DtlsRole = side == 0 ? DtlsRole.Client : DtlsRole.Server,
        },
    };
}
