using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using WebRtcCore.Dns;
using WebRtcCore.Testing;
using WebRtcCore.Transport;

namespace WebRtcCore.Tests.Transport.Names;

/// <summary>Real sockets, to name servers of the test on loopback.</summary>
public class ServiceResolverTests
{
    private const string Name = "_stun._udp.example.org";
    private static readonly DnsService First = new(10, 0, 3478, "one.example.org");
    private static readonly DnsService Second = new(20, 0, 3479, "two.example.org");

    [Test]
    public async Task Records_are_found_in_the_order_of_their_priorities()
    {
        using var server = new LoopbackNameServer { Services = { [Name] = [Second, First] } };
        Assert.That(await Resolver(server).LookUpAsync(Name, CancellationToken.None).Soon(), Is.EqualTo(new[] { First, Second }));
        Assert.That(server.Asked, Is.EqualTo(1));
    }

    [Test]
    public async Task A_name_without_records_is_asked_for_once()
    {
        using var server = new LoopbackNameServer();
        Assert.That(await Resolver(server).LookUpAsync(Name, CancellationToken.None).Soon(), Is.Null);
        Assert.That(server.Asked, Is.EqualTo(1));
    }

    [Test]
    public async Task A_long_answer_comes_over_a_stream()
    {
        using var server = new LoopbackNameServer { IsTruncating = true, Services = { [Name] = [.. Enumerable.Range(0, 14).Select(i => First with { Priority = (ushort)i })] } };
        Assert.That(await Resolver(server).LookUpAsync(Name, CancellationToken.None).Soon(), Has.Count.EqualTo(14));
    }

    [Test]
    public async Task The_next_server_is_asked_when_one_fails_or_does_not_exist()
    {
        using var failing = new LoopbackNameServer { IsFailing = true };
        using var server = new LoopbackNameServer { Services = { [Name] = [First] } };
        var resolver = new ServiceResolver(TimeProvider.System, new SeededRandomSource(1), () => [ClosedPort(), failing.Address, server.Address]);
        Assert.That(await resolver.LookUpAsync(Name, CancellationToken.None).Soon(), Is.EqualTo(new[] { First }));
    }

    [Test]
    public async Task An_answer_with_another_number_is_not_believed()
    {
        using var server = new LoopbackNameServer { IsSpoofing = true, Services = { [Name] = [First] } };
        Assert.That(await Resolver(server).LookUpAsync(Name, CancellationToken.None).Soon(), Is.EqualTo(new[] { First }));
    }

    [Test]
    public async Task Without_name_servers_there_are_no_records() =>
        Assert.That(await new ServiceResolver(TimeProvider.System, new SeededRandomSource(1), () => []).LookUpAsync(Name, CancellationToken.None).Soon(), Is.Null);

    [TestCase("stun:example.org", "_stun._udp.example.org")]
    [TestCase("turn:example.org.", "_turn._udp.example.org")]
    [TestCase("turn:example.org?transport=tcp", "_turn._tcp.example.org")]
    [TestCase("turns:example.org", "_turns._tcp.example.org")]
    [TestCase("turns:example.org?transport=udp", "_turns._udp.example.org")]
    public void The_url_says_which_service_is_looked_for(string url, string name) => Assert.That(StunServerResolver.ServiceNameOf(Url(url)), Is.EqualTo(name));

    [Test]
    public async Task The_addresses_are_those_of_the_service_best_first()
    {
        using var server = new LoopbackNameServer { Services = { [Name] = [Second, First] } };
        var found = await Resolver(server, "192.0.2.9").ResolveAsync(Url("stun:example.org"), CancellationToken.None).Soon();
        Assert.That(found.Addresses.Select(a => a.ToString()), Is.EqualTo(new[] { "192.0.2.1:3478", "192.0.2.2:3479" }));
    }

    [TestCase("stun:example.org:3478", TestName = "A_port_in_the_url")]
    [TestCase("stun:intranet", TestName = "A_name_of_one_label")]
    [TestCase("stun:host.local", TestName = "A_local_name")]
    [TestCase("stun:192.0.2.9", TestName = "An_address")]
    public async Task Records_are_not_asked_for_with(string url)
    {
        using var server = new LoopbackNameServer { Services = { [Name] = [First] } };
        var found = await Resolver(server, "192.0.2.9").ResolveAsync(Url(url), CancellationToken.None).Soon();
        Assert.That(found.Addresses.Select(a => a.ToString()), Is.EqualTo(new[] { "192.0.2.9:3478" }));
        Assert.That(server.Asked, Is.Zero);
    }

    [Test]
    public async Task Without_records_the_address_of_the_name_is_used()
    {
        using var server = new LoopbackNameServer();
        var found = await Resolver(server, "192.0.2.9").ResolveAsync(Url("turn:example.org"), CancellationToken.None).Soon();
        Assert.That(found.Addresses.Select(a => a.ToString()), Is.EqualTo(new[] { "192.0.2.9:3478" }));
    }

    [Test]
    public async Task An_address_does_not_wait_for_name_servers_that_say_nothing()
    {
        using var silent = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        silent.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var time = new VirtualTimeProvider();
        var resolver = new StunServerResolver(
            time, NullLogger.Instance, LookUp("192.0.2.9"), new ServiceResolver(time, new SeededRandomSource(1), () => [(IPEndPoint)silent.LocalEndPoint!]));
        var resolving = resolver.ResolveAsync(Url("stun:example.org"), CancellationToken.None);
        Assert.That(resolving.IsCompleted, Is.False);
        time.Advance(StunServerResolver.ServiceGrace);
        Assert.That((await resolving.Soon()).Addresses, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_domain_that_has_decidedly_no_such_service_is_believed()
    {
        using var server = new LoopbackNameServer { Services = { [Name] = [new DnsService(0, 0, 0, "")] } };
        var found = await Resolver(server, "192.0.2.9").ResolveAsync(Url("stun:example.org"), CancellationToken.None).Soon();
        Assert.That(found.Addresses, Is.Empty);
        Assert.That(found.Failure, Does.Contain("no such service"));
    }

    private static ServiceResolver Resolver(LoopbackNameServer server) => new(TimeProvider.System, new SeededRandomSource(1), () => [server.Address]);

    private static StunServerResolver Resolver(LoopbackNameServer server, string address) =>
        new(TimeProvider.System, NullLogger.Instance, LookUp(address), Resolver(server));

    private static Func<string, CancellationToken, Task<IPAddress[]>> LookUp(string other) => (name, _) => Task.FromResult(new[]
    {
        IPAddress.Parse(name switch
        {
            "one.example.org" => "192.0.2.1",
            "two.example.org" => "192.0.2.2",
            _ => other,
        }),
    });

    private static IPEndPoint ClosedPort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint)socket.LocalEndPoint!;
    }

    private static IceServerUrl Url(string text)
    {
        Assert.That(IceServerUrl.TryParse(text, out var url));
        return url!;
    }
}
