using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using WebRtcCore.Ice;
using WebRtcCore.Primitives;
using WebRtcCore.Session;
using WebRtcCore.Testing;
using WebRtcCore.Tests.Transport;
using WebRtcCore.Transport;

namespace WebRtcCore.Tests.Connections;

[TestFixture]
public class GatheringPlanTests
{
    [Test]
    public async Task Servers_are_sorted_by_what_they_are_asked_for()
    {
        var plan = await MakeAsync(new PeerConnectionConfiguration
        {
            IceServers =
            [
                new IceServer("stun:a", "stun:192.0.2.1:3478"),
                new IceServer("turn:a", "turn:a:80?transport=tcp", "turns:a", "turns:a?transport=udp") { Username = "u", Credential = "p" },
            ],
        });
        Assert.That(plan.StunServers, Is.EqualTo(new[] { new StunServer(TransportAddress.Parse("192.0.2.1", 3478), "stun:a") }), "each address is asked once");
        Assert.That(
            plan.TurnServers.Select(s => (s.Url, s.Protocol, s.Addresses[0].Port, s.HostName, s.Username, s.Password)),
            Is.EqualTo(new[]
            {
                ("turn:a", IceRelayProtocol.Udp, 3478, "a", "u", "p"),
                ("turn:a:80?transport=tcp", IceRelayProtocol.Tcp, 80, "a", "u", "p"),
                ("turns:a", IceRelayProtocol.Tls, 5349, "a", "u", "p"),
                ("turns:a?transport=udp", IceRelayProtocol.Dtls, 5349, "a", "u", "p"),
            }));
        Assert.That(plan.TurnServers[0].ToString(), Is.EqualTo("turn:a"), "credentials are not printed");
        Assert.That(plan.IsRelayOnly, Is.False);
    }

    [Test]
    public async Task The_policy_is_handed_on()
    {
        var plan = await MakeAsync(new PeerConnectionConfiguration { IceTransportPolicy = IceTransportPolicy.Relay });
        Assert.That(plan.IsRelayOnly && plan.TurnServers.Count == 0, Is.True);
    }

    [Test]
    public async Task A_server_that_is_not_found_is_named_with_the_reason()
    {
        var configuration = new PeerConnectionConfiguration { IceServers = [new IceServer("stun:a", "stun:b"), new IceServer("turn:c") { Username = "u", Credential = "p" }] };
        var resolver = new StunServerResolver(new VirtualTimeProvider(), NullLogger.Instance, (_, _) => Task.FromResult(Array.Empty<IPAddress>()));
        var plan = await GatheringPlan.MakeAsync(configuration, [], resolver).Soon();
        Assert.That(plan.StunServers, Is.Empty);
        Assert.That(plan.TurnServers, Is.Empty);
        Assert.That(plan.UnusableServers, Is.EqualTo(new[] { "a", "b", "c" }.Select(name => new UnusableServer($"{(name == "c" ? "turn" : "stun")}:{name}", $"{name} has no address."))));
    }

    [TestCase("stuns:192.0.2.1", "STUN over TLS")]
    [TestCase("turn:server.invalid", "was not found")]
    public async Task A_server_that_cannot_be_asked_raises_a_candidate_error(string url, string reason)
    {
        var error = new TaskCompletionSource<IceCandidateErrorEventArgs>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var connection = new PeerConnection(
            new PeerConnectionConfiguration { IceServers = [new IceServer(url) { Username = "u", Credential = "p" }] }, PeerPair.LoopbackOptions);
        connection.IceCandidateError += (_, e) => error.TrySetResult(e);
        connection.CreateDataChannel("data");
        await connection.SetLocalDescriptionAsync();
        var e = await error.Task.WaitAsync(PeerPair.Limit);
        Assert.That((e.Url, e.ErrorCode), Is.EqualTo((url, IceCandidateErrorEventArgs.ServerNotReached)));
        Assert.That(e.ErrorText, Does.Contain(reason));
    }

    [TestCase("turn:a", null, "p")]
    [TestCase("turn:a", "u", null)]
    [TestCase("turns:a", null, null)]
    public void A_turn_server_without_credentials_is_an_access_error(string url, string? username, string? credential) =>
        Assert.That(
            () => new PeerConnection(new PeerConnectionConfiguration { IceServers = [new IceServer(url) { Username = username, Credential = credential }] }),
            Throws.TypeOf<RtcException>().With.Property(nameof(RtcException.Name)).EqualTo("InvalidAccessError"));

    private static Task<IceGatheringOptions> MakeAsync(PeerConnectionConfiguration configuration) => GatheringPlan.MakeAsync(
        configuration,
        [new LocalAddress(TransportAddress.Parse("10.0.0.1", 5000), 0)],
        new StunServerResolver(new VirtualTimeProvider(), NullLogger.Instance, (_, _) => Task.FromResult(new[] { IPAddress.Parse("192.0.2.1") }))).Soon();
}
