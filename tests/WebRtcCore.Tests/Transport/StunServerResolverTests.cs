using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using WebRtcCore.Primitives;
using WebRtcCore.Testing;
using WebRtcCore.Transport;

namespace WebRtcCore.Tests.Transport;

public class StunServerResolverTests
{
    [Test]
    public async Task Literals_need_no_name_service()
    {
        var resolver = Make((_, _) => throw new AssertionException("asked"));
        Assert.That((await resolver.ResolveAsync(Url("stun:192.0.2.1:7"), CancellationToken.None).Soon()).Addresses, Is.EqualTo(new[] { TransportAddress.Parse("192.0.2.1", 7) }));
        Assert.That((await resolver.ResolveAsync(Url("stun:[2001:db8::1]"), CancellationToken.None).Soon()).Addresses, Is.EqualTo(new[] { TransportAddress.Parse("2001:db8::1", 3478) }));
    }

    [Test]
    public async Task All_addresses_of_a_name_are_returned_once_in_order()
    {
        var resolver = Make((_, _) => Task.FromResult(new[] { IPAddress.Parse("192.0.2.1"), IPAddress.Parse("2001:db8::1"), IPAddress.Parse("192.0.2.1") }));
        var found = await resolver.ResolveAsync(Url("stun:b:9"), CancellationToken.None).Soon();
        Assert.That(found.Addresses.Select(address => address.ToString()), Is.EqualTo(new[] { "192.0.2.1:9", "[2001:db8::1]:9" }));
    }

    [Test]
    public async Task A_name_that_is_not_found_has_no_addresses()
    {
        var resolver = Make((_, _) => Task.FromException<IPAddress[]>(new SocketException((int)SocketError.HostNotFound)));
        var found = await resolver.ResolveAsync(Url("stun:bad"), CancellationToken.None).Soon();
        Assert.That(found.Addresses, Is.Empty);
        Assert.That(found.Failure, Does.StartWith("The name bad was not found"));
    }

    [Test]
    public async Task A_name_service_that_never_answers_is_given_up()
    {
        var time = new VirtualTimeProvider();
        var resolver = new StunServerResolver(time, NullLogger.Instance, (_, _) => new TaskCompletionSource<IPAddress[]>().Task);
        var resolving = resolver.ResolveAsync(Url("stun:slow"), CancellationToken.None);
        time.Advance(TimeSpan.FromSeconds(5));
        var found = await resolving.Soon();
        Assert.That(found.Addresses, Is.Empty);
        Assert.That(found.Failure, Does.Contain("in time"));
    }

    [Test]
    public void Cancelling_throws_with_the_callers_token()
    {
        using var cancellation = new CancellationTokenSource();
        var resolving = Make((_, _) => new TaskCompletionSource<IPAddress[]>().Task).ResolveAsync(Url("stun:slow"), cancellation.Token);
        cancellation.Cancel();
        Assert.That(async () => await resolving.Soon(), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task The_number_of_addresses_is_capped()
    {
        var resolver = Make((_, _) => Task.FromResult(Enumerable.Range(1, 200).Select(i => new IPAddress([10, 0, 0, (byte)i])).ToArray()));
        Assert.That((await resolver.ResolveAsync(Url("stun:many"), CancellationToken.None).Soon()).Addresses, Has.Count.EqualTo(StunServerResolver.MaxAddresses));
    }

    private static IceServerUrl Url(string text)
    {
        Assert.That(IceServerUrl.TryParse(text, out var url));
        return url!;
    }

    private static StunServerResolver Make(Func<string, CancellationToken, Task<IPAddress[]>> lookup) =>
        new(TimeProvider.System, NullLogger.Instance, lookup);
}
