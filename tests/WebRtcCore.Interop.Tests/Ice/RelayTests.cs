using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using WebRtcCore.Interop.Tests.Harness;
using WebRtcCore.Stun;

namespace WebRtcCore.Interop.Tests.Ice;

/// <summary>Connections that go through coturn, and through nothing else.</summary>
[TestFixture]
[Category("Interop")]
internal sealed class RelayTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [TestCase(IceServerTransportProtocol.Udp)]
    [TestCase(IceServerTransportProtocol.Tcp)]
    [TestCase(IceServerTransportProtocol.Tls)]
    public async Task Two_connections_meet_on_the_relay(IceServerTransportProtocol protocol)
    {
        using var coturn = await Coturn.StartAsync();
        await using (var a = new DotNetPeer(coturn.Options(), coturn.Configuration(protocol)))
        await using (var b = new DotNetPeer(coturn.Options(), coturn.Configuration(protocol)))
        {
            a.CreateChannel("data");
            await a.AcceptAnswerAsync(await b.AcceptOfferAsync(await a.OfferAsync()));
            var (channelA, channelB) = (await a.OpenChannelAsync("data"), await b.OpenChannelAsync("data"));
            channelA.Send(Pattern.Make(200_000));
            Assert.That((await b.NextMessageAsync(channelB)).Data.Span.SequenceEqual(Pattern.Make(200_000)), Is.True);
            channelB.Send("back");
            Assert.That((await a.NextMessageAsync(channelA)).Text, Is.EqualTo("back"));

            Assert.That(a.Connection.LocalDescription!.Sdp, Does.Contain("typ relay").And.Not.Contain("typ host").And.Not.Contain("typ srflx"));
            var stats = (await a.Connection.GetStatsAsync()).GetAll<LocalCandidateStats>().ToArray();
            Assert.That(stats.Select(s => (s.CandidateType, s.RelayProtocol, s.Url)), Is.All.EqualTo((IceCandidateType.Relay, protocol.ToW3CString(), coturn.Url(protocol))));
        }

        // Closing gives the allocations back: a refresh with lifetime 0 each.
        await UntilAsync(() => Regex.Count(coturn.Output, @"lifetime=0\b") >= 2, coturn);
    }

    [Test]
    public async Task Two_connections_meet_on_the_relay_by_way_of_dtls()
    {
        using var coturn = await Coturn.StartAsync();
        var configuration = new PeerConnectionConfiguration
        {
            IceServers = [new IceServer(coturn.DtlsUrl) { Username = Coturn.Username, Credential = Coturn.Password }],
            IceTransportPolicy = IceTransportPolicy.Relay,
        };
        await using (var a = new DotNetPeer(coturn.Options(), configuration))
        await using (var b = new DotNetPeer(coturn.Options(), configuration))
        {
            a.CreateChannel("data");
            await a.AcceptAnswerAsync(await b.AcceptOfferAsync(await a.OfferAsync()));
            var (channelA, channelB) = (await a.OpenChannelAsync("data"), await b.OpenChannelAsync("data"));
            channelA.Send(Pattern.Make(200_000));
            Assert.That((await b.NextMessageAsync(channelB)).Data.Span.SequenceEqual(Pattern.Make(200_000)), Is.True);
            var stats = (await a.Connection.GetStatsAsync()).GetAll<LocalCandidateStats>().ToArray();
            Assert.That(stats.Select(s => (s.CandidateType, s.RelayProtocol, s.Url)), Is.All.EqualTo((IceCandidateType.Relay, "tls", coturn.DtlsUrl)));
        }

        await UntilAsync(() => Regex.Count(coturn.Output, @"lifetime=0\b") >= 2, coturn);
    }

    [Test]
    public async Task A_dtls_certificate_that_the_system_does_not_trust_is_refused()
    {
        using var coturn = await Coturn.StartAsync();
        var configuration = new PeerConnectionConfiguration
        {
            IceServers = [new IceServer(coturn.DtlsUrl) { Username = Coturn.Username, Credential = Coturn.Password }],
            IceTransportPolicy = IceTransportPolicy.Relay,
        };
        var errors = await GatherAsync(configuration, coturn.Options() with { ServerCertificateValidationCallback = null });
        Assert.That(errors.Select(e => e.ErrorCode), Is.EqualTo(new[] { IceCandidateErrorEventArgs.ServerNotReached }));
        Assert.That(coturn.Output, Does.Not.Contain("user <alice>"), "nothing was said to a server that is not trusted");
    }

    [TestCase(IceServerTransportProtocol.Udp)]
    [TestCase(IceServerTransportProtocol.Tcp)]
    [TestCase(IceServerTransportProtocol.Tls)]
    public async Task A_connection_outlives_a_restart_of_the_server(IceServerTransportProtocol protocol)
    {
        using var coturn = await Coturn.StartAsync();
        var options = coturn.Options() with { ContinualGathering = true };
        await using var a = new DotNetPeer(options, coturn.Configuration(protocol));
        await using var b = new DotNetPeer(options, coturn.Configuration(protocol));
        a.CreateChannel("data");
        await a.AcceptAnswerAsync(await b.AcceptOfferAsync(await a.OfferAsync()));
        var (channelA, channelB) = (await a.OpenChannelAsync("data"), await b.OpenChannelAsync("data"));
        channelA.Send("before");
        Assert.That((await b.NextMessageAsync(channelB)).Text, Is.EqualTo("before"));

        // The new relayed addresses are told as any other candidate is.
        a.Connection.IceCandidate += (_, e) => _ = e.Candidate is null ? Task.CompletedTask : b.Connection.AddIceCandidateAsync(e.Candidate);
        b.Connection.IceCandidate += (_, e) => _ = e.Candidate is null ? Task.CompletedTask : a.Connection.AddIceCandidateAsync(e.Candidate);
        await coturn.RestartAsync();
        channelA.Send("after");
        Assert.That((await b.NextMessageAsync(channelB)).Text, Is.EqualTo("after"));
        channelB.Send("back");
        Assert.That((await a.NextMessageAsync(channelA)).Text, Is.EqualTo("back"));
    }

    [Test]
    public async Task Time_limited_credentials_are_accepted()
    {
        using var coturn = await Coturn.StartWithSecretAsync();
        var credentials = TurnRestCredentials.Create(Coturn.Secret, "alice", DateTimeOffset.UtcNow.AddHours(1));
        await using var peer = new DotNetPeer(coturn.Options(), coturn.Configuration(IceServerTransportProtocol.Udp, credentials.Username, credentials.Password));
        peer.CreateChannel("data");
        await peer.OfferAsync();
        Assert.That(peer.Connection.LocalDescription!.Sdp, Does.Contain("typ relay"), () => coturn.Output);
    }

    [TestCase(IceServerTransportProtocol.Udp)]
    [TestCase(IceServerTransportProtocol.Tcp)]
    public async Task Wrong_credentials_are_a_candidate_error_401(IceServerTransportProtocol protocol)
    {
        using var coturn = await Coturn.StartAsync();
        var errors = await GatherAsync(coturn.Configuration(protocol, password: "wrong"), coturn.Options());
        Assert.That(errors.Select(e => (e.ErrorCode, e.Url)), Is.EqualTo(new[] { (401, coturn.Url(protocol)) }));
        Assert.That(errors[0].ErrorText, Is.Not.Empty);
        Assert.That(errors[0].LocalAddress, Is.Null, "with relayed candidates only no address of this side is told");
    }

    [Test]
    public async Task A_tls_certificate_that_the_system_does_not_trust_is_refused()
    {
        using var coturn = await Coturn.StartAsync();
        var errors = await GatherAsync(
            coturn.Configuration(IceServerTransportProtocol.Tls), coturn.Options() with { ServerCertificateValidationCallback = null });
        Assert.That(errors.Select(e => e.ErrorCode), Is.EqualTo(new[] { IceCandidateErrorEventArgs.ServerNotReached }));
    }

    [Test]
    public async Task A_browser_and_dotnet_meet_on_the_relay(
        [Values] BrowserKind kind, [Values(IceServerTransportProtocol.Udp, IceServerTransportProtocol.Tcp)] IceServerTransportProtocol protocol, [Values] Offerer offerer)
    {
        using var coturn = await Coturn.StartAsync();
        var configuration = $"{{ iceServers: [{{ urls: '{coturn.Url(protocol)}', username: '{Coturn.Username}', credential: '{Coturn.Password}' }}], iceTransportPolicy: 'relay' }}";
        await using var call = await Call.OpenAsync(kind, coturn.Options(), coturn.Configuration(protocol), configuration);
        var channel = await call.ConnectWithChannelAsync(offerer);
        await call.Browser.SendPatternAsync("data", 100_000);
        Assert.That((await call.DotNet.NextMessageAsync(channel)).Data.Span.SequenceEqual(Pattern.Make(100_000)), Is.True);
        channel.Send("back");
        Assert.That((await call.Browser.NextMessageAsync("data")).Text, Is.EqualTo("back"));
    }

    private static async Task<List<IceCandidateErrorEventArgs>> GatherAsync(PeerConnectionConfiguration configuration, PeerConnectionOptions options)
    {
        var errors = new ConcurrentQueue<IceCandidateErrorEventArgs>();
        var complete = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var connection = new PeerConnection(configuration, options);
        connection.IceCandidateError += (_, e) => errors.Enqueue(e);
        connection.IceCandidate += (_, e) =>
        {
            if (e.Candidate is null)
            {
                complete.TrySetResult();
            }
        };
        connection.CreateDataChannel("x");
        await connection.SetLocalDescriptionAsync();
        await complete.Task.WaitAsync(Patience);
        return [.. errors];
    }

    private static async Task UntilAsync(Func<bool> predicate, Coturn coturn)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!predicate())
        {
            Assert.That(limit.IsCancellationRequested, Is.False, () => coturn.Output);
            await Task.Delay(20);
        }
    }
}
