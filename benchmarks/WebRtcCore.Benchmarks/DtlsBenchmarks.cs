using BenchmarkDotNet.Attributes;
using WebRtcCore.Dtls;
using WebRtcCore.Primitives;

namespace WebRtcCore.Benchmarks;

/// <summary>Records of application data after a handshake in memory, and the handshake itself.</summary>
[MemoryDiagnoser]
public class DtlsBenchmarks
{
    private const int PlaintextLength = 1160;

    private static readonly NetworkPath Path = new(TransportAddress.Parse("127.0.0.1", 1), TransportAddress.Parse("127.0.0.1", 2));

    private readonly DtlsCertificate _certificate =
        DtlsCertificate.Generate(DateTimeOffset.UnixEpoch.AddYears(56), TimeSpan.FromDays(30), SystemRandomSource.Instance);

    private readonly byte[] _record = new byte[1500];
    private readonly byte[] _datagram = new byte[1500];
    private DtlsEndpoint _client = null!;
    private DtlsEndpoint _server = null!;

    [GlobalSetup]
    public void Setup() => (_client, _server) = Connect();

    [Benchmark]
    public int Dtls_Seal_1200B() => _client.SealApplicationData(_record, PlaintextLength);

    [Benchmark]
    public int Dtls_RoundTrip_1200B()
    {
        var length = _client.SealApplicationData(_record, PlaintextLength);
        _server.HandleDatagram(_record.AsSpan(0, length), Path, Instant.Zero);
        return _server.TryPollEvent(out var e) && e.Kind == DtlsEventKind.ApplicationData
            ? e.GetData(_record).Length
            : throw new InvalidOperationException("The record was not accepted.");
    }

    [Benchmark]
    public bool Dtls_Handshake_EcdsaP256()
    {
        var (client, server) = Connect();
        using (client)
        using (server)
        {
            return client.State == DtlsState.Connected;
        }
    }

    private (DtlsEndpoint Client, DtlsEndpoint Server) Connect()
    {
        var options = new DtlsOptions { Certificate = _certificate, RemoteFingerprints = _certificate.GetFingerprints() };
        var client = new DtlsEndpoint(DtlsRole.Client, options, SystemRandomSource.Instance);
        var server = new DtlsEndpoint(DtlsRole.Server, options, SystemRandomSource.Instance);
        server.Start(Instant.Zero);
        client.Start(Instant.Zero);
        while (Carry(client, server) | Carry(server, client))
        {
        }

        return client.State == DtlsState.Connected && server.State == DtlsState.Connected
            ? (client, server)
            : throw new InvalidOperationException($"Client {client.State}, server {server.State}.");
    }

    private bool Carry(DtlsEndpoint from, DtlsEndpoint to)
    {
        var carried = false;
        while (from.TryPollTransmit(_datagram, out var transmit))
        {
            to.HandleDatagram(_datagram.AsSpan(0, transmit.Length), Path, Instant.Zero);
            carried = true;
        }

        while (from.TryPollEvent(out _) | to.TryPollEvent(out _))
        {
        }

        return carried;
    }
}
