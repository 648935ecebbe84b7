using System.Security.Cryptography;
using WebRtcCore.Interop.Tests.Harness;

namespace WebRtcCore.Interop.Tests.Browser;

/// <summary>Browsers answer the probes of path MTU discovery: a HEARTBEAT, and a PAD chunk that they skip. Over loopback, whose packets may have 65,536 bytes.</summary>
[TestFixture(BrowserKind.Chromium)]
[TestFixture(BrowserKind.Firefox)]
internal sealed class PathMtuTests(BrowserKind kind)
{
    private const int Pieces = 120;
    private const int PieceLength = 65_536;

    // IPv4 and UDP.
    private const int Headers = 20 + 8;

    // Of a DTLS record.
    private const int RecordOverhead = 37;

    [Test]
    public async Task Packets_to_a_browser_become_as_large_as_ethernets_and_no_larger([Values] Offerer offerer) =>
        await SendAsync(offerer, new PeerConnectionOptions(), 1500);

    [Test]
    public async Task Asked_for_packets_become_as_large_as_the_browser_takes([Values] Offerer offerer)
    {
        // The longest DTLS record that Chromium reads has 2,048 bytes; Firefox reads any.
        int mtu = kind == BrowserKind.Chromium ? 2048 + Headers : 9000;
        await SendAsync(offerer, new PeerConnectionOptions { DataMaxPathMtu = mtu }, mtu);
    }

    private async Task SendAsync(Offerer offerer, PeerConnectionOptions options, int mtu)
    {
        using var relay = new UdpRelay();
        int largest = 0;
        relay.ToBrowser.Affects = datagram =>
        {
            largest = Math.Max(largest, datagram.Length);
            return false;
        };
        await using var call = await Call.OpenAsync(kind, options, relay: relay);
        var channel = await call.ConnectWithChannelAsync(offerer);
        Assert.That(largest, Is.LessThanOrEqualTo(1200), "before there is data");
        await call.Browser.RunAsync($"peer.receiveFile('data', {Pieces * PieceLength})");
        var received = call.Browser.Page.EvaluateAsync<string>("() => peer.fileReceived('data', 60)");
        byte[] piece = Pattern.Make(PieceLength);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int i = 0; i < Pieces; i++)
        {
            hash.AppendData(piece);
            await channel.SendAsync(piece);
        }

        Assert.That(await received, Is.EqualTo(Convert.ToHexStringLower(hash.GetHashAndReset())));
        await call.DotNet.UntilAsync(
            () => call.DotNet.HasLogged($"SCTP packets of up to {(mtu - Headers - RecordOverhead) & ~3} bytes"), "the browser to answer the probe of the largest size");
        Assert.That(largest, Is.InRange(mtu - Headers - 3, mtu - Headers));
        await channel.CloseAsync();
        Assert.That(call.DotNet.Connection.ConnectionState, Is.EqualTo(PeerConnectionState.Connected));
    }
}
