using WebRtcCore.Dtls;
using WebRtcCore.Testing;

namespace WebRtcCore.Fuzz.Cores;

/// <summary>A DTLS client against a server.</summary>
internal sealed class DtlsTarget : DuelTarget
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly DtlsCertificate[] Certificates =
        [.. Enumerable.Range(1, 2).Select(seed => DtlsCertificate.Generate(Now, TimeSpan.FromDays(30), new SeededRandomSource(seed)))];

    public override string Name => "dtls";

    public override IEnumerable<byte[]> Seeds() =>
    [
        [0, 1, 1, 1, 1],
        [20, 0x0E, 0, 0, 10, 0x1E, 0, 0, 20, 1, 0x0E, 1, 0, 0, 1],
        [2, 0x06, 1, 0, 20, 3, 1, 1, 1],
        [1, 0x13, 0x0C, 6, 1, 0x05, 1, 1],
        [3, 0x19, 15, 21, 254, 253, 0, 0, 0, 0, 0, 0, 0, 9, 0, 2, 2, 40, 1],
    ];

    protected override Match Create()
    {
        DtlsEndpoint[] endpoints = [Create(Dtls.DtlsRole.Client), Create(Dtls.DtlsRole.Server)];
        foreach (var endpoint in endpoints)
        {
            endpoint.Start(VirtualClock.Start);
        }

        var duel = new Duel(Node(endpoints[0]), Node(endpoints[1]))
        {
            Command = (side, command, argument, now) =>
            {
                var endpoint = endpoints[side];
                switch (command % 4)
                {
                    case 0:
                        var record = new byte[endpoint.ApplicationDataOverhead + (argument % 1000)];
                        endpoint.SealApplicationData(record, argument % 1000);
                        break;
                    case 1:
                        endpoint.Close(now);
                        break;
                    case 2:
                        endpoint.SetRoundTripTime(TimeSpan.FromMilliseconds(argument));
                        break;
                    default:
                        endpoint.TryExportKeyingMaterial("EXTRACTOR-dtls_srtp", new byte[60]);
                        break;
                }
            },
        };
        return new Match(
            duel,
            () => endpoints.All(endpoint => endpoint.State == DtlsState.Connected),
            () => Require(endpoints[0].State != DtlsState.Connecting, "Two minutes later the client's handshake has ended one way or the other."),
            () => Array.ForEach(endpoints, endpoint => endpoint.Dispose()));
    }

    private static DtlsEndpoint Create(Dtls.DtlsRole role) => new(
        role,
        new DtlsOptions { Certificate = Certificates[(int)role], RemoteFingerprints = Certificates[1 - (int)role].GetFingerprints() },
        new SeededRandomSource((int)role));

    private static VirtualNode Node(DtlsEndpoint endpoint) => new()
    {
        OnDatagram = endpoint.HandleDatagram,
        OnTimeout = endpoint.HandleTimeout,
        OnPoll = endpoint.TryPollTransmit,
        OnNextTimeout = () => endpoint.NextTimeout,
        OnEvents = _ =>
        {
            while (endpoint.TryPollEvent(out var _))
            {
            }
        },
    };
}
