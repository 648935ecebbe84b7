using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using WebRtcCore.Diagnostics;
using WebRtcCore.Dtls;
using WebRtcCore.Primitives;
using WebRtcCore.Session;
using WebRtcCore.Testing;
using WebRtcCore.Tests.Connections;

namespace WebRtcCore.Tests.Security;

/// <summary>Row 13 of docs/security.md: whoever is faster than the peer gets nowhere unless ICE knows where he sends from.</summary>
[TestFixture]
public sealed class UnvalidatedPathTests
{
    private static readonly NetworkPath Path = new(TransportAddress.Parse("127.0.0.1", 5000), TransportAddress.Parse("127.0.0.1", 6000));

    private static IEnumerable<TestCaseData> Datagrams =>
    [
        new TestCaseData(ClientHello()[0]).SetArgDisplayNames("DTLS ClientHello"),
        new TestCaseData(new byte[] { 0x80, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 3, 4 }).SetArgDisplayNames("RTP"),
        new TestCaseData(new byte[] { 0x80, 201, 0, 1, 0, 0, 0, 1 }).SetArgDisplayNames("RTCP"),
    ];

    [TestCaseSource(nameof(Datagrams))]
    public void Security_13_nothing_but_stun_is_accepted_from_a_path_that_ice_has_not_validated(byte[] datagram)
    {
        var random = new SeededRandomSource(13);
        using var certificate = DtlsCertificate.Generate(DateTimeOffset.UnixEpoch, TimeSpan.FromDays(1), random);
        var observer = new DroppedDatagrams();
        using var session = new RtcSession(new RtcSessionOptions { Certificate = certificate, Cname = "test" }, random, observer, null);

        session.HandleDatagram(datagram, Path, Instant.Zero);

        Assert.That(observer.Reasons, Is.EqualTo(new[] { DropReason.UnvalidatedPath }));
        Assert.That(session.TryPollTransmit(new byte[1500], Instant.Zero, out _), Is.False);
    }

    [Test]
    public async Task Security_13_a_strangers_client_hello_does_not_take_the_handshake_from_the_peer()
    {
        await using var peers = new PeerPair();
        using var stranger = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var hello = ClientHello();
        void Race(PeerConnection victim) => victim.IceCandidate += (_, e) =>
        {
            if (e.Candidate is { Port: { } port })
            {
                foreach (var datagram in hello)
                {
                    stranger.Send(datagram, new IPEndPoint(IPAddress.Loopback, port));
                }
            }
        };
        Race(peers.Offerer);
        Race(peers.Answerer);

        await peers.OpenChannelAsync();

        Assert.That(peers.Offerer.ConnectionState, Is.EqualTo(PeerConnectionState.Connected));
        Assert.That(stranger.Available, Is.Zero, "answers to the stranger");
    }

    private static byte[][] ClientHello() =>
    [
        .. JsonDocument.Parse(TestData.ReadText("corpus/dtls/client-hello-chromium.json")).RootElement.GetProperty("datagrams").EnumerateArray()
            .Select(datagram => Convert.FromHexString(datagram.GetString()!)),
    ];
}
