using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using WebRtcCore.Interop.Tests.Dtls;
using WebRtcCore.Interop.Tests.Harness;
using WebRtcCore.Stun;

namespace WebRtcCore.Interop.Tests.Ice;

/// <summary>The TURN server of this repository, asked by coturn's test client: two clients talk to each other through it.</summary>
[Category("Interop")]
public sealed partial class TurnServerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [TestCase("over UDP")]
    [TestCase("over UDP, without pairs of ports", "-c")]
    [TestCase("over UDP, with indications", "-s")]
    [TestCase("over TCP", "-t", "-c")]
    [TestCase("over TCP, with indications", "-t", "-c", "-s")]
    public async Task Coturns_test_client_gets_all_of_its_messages_through(string what, params string[] arguments)
    {
        await using var server = TurnServer.Start(
            new TurnServerOptions
            {
                Relay = new TurnRelayOptions { Realm = "test", PeerRules = new TurnPeerRules { AllowedScopes = new HashSet<TurnPeerScope> { TurnPeerScope.Loopback } } },
                ListenAddresses = [IPAddress.Loopback],
                Port = 0,
            },
            new TurnUsers(new Dictionary<string, string> { ["alice"] = "secret" }));
        var port = server.EndPoints[0].Port.ToString(CultureInfo.InvariantCulture);
        using var client = new PeerProcess(
            Peers.Require("turnutils_uclient"), ["-y", "-u", "alice", "-w", "secret", "-p", port, "-n", "20", "-m", "2", "-l", "300", .. arguments, "127.0.0.1"]);
        await client.WaitForExitAsync().WaitAsync(Patience);

        Assert.That(server.Statistics.AllocationsMade, Is.GreaterThanOrEqualTo(2), what + client.Output);
        Assert.That(server.Statistics.DatagramsRefused, Is.Zero);
        var totals = Totals().Matches(client.Output).LastOrDefault();
        Assert.That(totals, Is.Not.Null, client.Output);
        Assert.That(totals!.Groups[1].Value, Is.EqualTo(totals.Groups[2].Value), client.Output);
        Assert.That(int.Parse(totals.Groups[1].Value, CultureInfo.InvariantCulture), Is.GreaterThanOrEqualTo(20));
    }

    [GeneratedRegex(@"tot_send_msgs=(\d+), tot_recv_msgs=(\d+)")]
    private static partial Regex Totals();
}
