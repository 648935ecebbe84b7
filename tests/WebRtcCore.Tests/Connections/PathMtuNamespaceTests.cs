using System.Net;
using WebRtcCore.Sctp;
using WebRtcCore.Transport;

namespace WebRtcCore.Tests.Connections;

/// <summary>Path MTU discovery over links of the kernel, in network namespaces: needs root.</summary>
public sealed class PathMtuNamespaceTests
{
    private const string NearAddress = "192.0.2.1";
    private const string FarAddress = "198.51.100.1";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [TestCase(1400)]
    [TestCase(9000)]
    public async Task Packets_fill_the_link(int mtu)
    {
        using var near = NetworkNamespace.CreateOrIgnore("near");
        using var far = NetworkNamespace.CreateOrIgnore("far");
        NetworkNamespace.Connect(near, "veth0", $"{NearAddress}/24", far, "veth1", "192.0.2.2/24", mtu);
        var sockets = new List<UdpEndpoint>();
        await using var pair = new PeerPair(OptionsOf(near, NearAddress, sockets), OptionsOf(far, "192.0.2.2"));
        var transfer = await Transfer.BeginAsync(pair);

        // The system itself refuses more.
        await transfer.SendUntilAsync(statistics => statistics.Mtu == ((mtu - 65) & ~3));
        await transfer.SendAsync(megabytes: 10);
        Assert.That((await transfer.StatisticsAsync()).Mtu, Is.EqualTo((mtu - 65) & ~3));
        Assert.That(sockets.Single().SendsSegments, Is.EqualTo(sockets[0].IsSegmenting), "what was refused has not switched segmentation off");
    }

    [Test]
    public async Task A_router_with_a_narrow_link_behind_it_is_found_out_and_so_is_one_that_becomes_narrower()
    {
        using var near = NetworkNamespace.CreateOrIgnore("near");
        using var router = NetworkNamespace.CreateOrIgnore("router");
        using var far = NetworkNamespace.CreateOrIgnore("far");
        NetworkNamespace.Connect(near, "veth0", $"{NearAddress}/24", router, "veth1", "192.0.2.2/24", 1500);
        NetworkNamespace.Connect(router, "veth2", "198.51.100.2/24", far, "veth3", $"{FarAddress}/24", 1500);
        near.Ip("route add default via 192.0.2.2");
        far.Ip("route add default via 198.51.100.2");
        router.Ip("link set veth2 mtu 1400");
        try
        {
            router.Forward();
        }
        catch (InvalidOperationException exception)
        {
            NetworkNamespace.Refuse($"The router may not forward: {exception.InnerException?.Message}");
        }

        await using var pair = new PeerPair(OptionsOf(near, NearAddress), OptionsOf(far, FarAddress));
        var transfer = await Transfer.BeginAsync(pair);
        await transfer.SendUntilAsync(statistics => statistics.Mtu == ((1400 - 65) & ~3));
        router.Ip("link set veth2 mtu 1280");
        await transfer.SendUntilAsync(statistics => statistics.Mtu == ((1280 - 65) & ~3) && statistics.PathMtuBlackHoles > 0);
        await transfer.SendAsync(megabytes: 2);
    }

    private static PeerConnectionOptions OptionsOf(NetworkNamespace space, string address, List<UdpEndpoint>? sockets = null) => new()
    {
        LocalAddresses = [IPAddress.Parse(address)],
        DataMaxPathMtu = 9000,
        SocketFactory = local =>
        {
            var socket = space.Bind(local);
            sockets?.Add(socket!);
            return socket;
        },
    };

    /// <summary>Numbered messages from the offerer to the answerer; what arrives is checked.</summary>
    private sealed class Transfer(PeerPair pair, DataChannel channel)
    {
        private const int Size = 64_000;
        private readonly byte[] _message = new byte[Size];
        private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _sent;
        private int _received;

        public static async Task<Transfer> BeginAsync(PeerPair pair)
        {
            var (local, remote) = await pair.OpenChannelAsync("bulk");
            var transfer = new Transfer(pair, local);
            remote.Message += (_, e) => transfer.OnMessage(e.Message.Data.Span);
            return transfer;
        }

        public async Task<SctpStatistics> StatisticsAsync() =>
            (SctpStatistics)(await pair.Offerer.Driver.ReadAsync<object>((session, _) => session.Data.GetStatistics(), CancellationToken.None))!;

        public async Task SendAsync(int megabytes)
        {
            for (var left = megabytes * 1_000_000 / Size; left > 0; left--)
            {
                await SendOneAsync();
            }

            await PeerPair.When(() => Volatile.Read(ref _received) == _sent, check => Checks += check);
        }

        public async Task SendUntilAsync(Func<SctpStatistics, bool> until)
        {
            var end = Environment.TickCount64 + (long)Limit.TotalMilliseconds;
            while (!until(await StatisticsAsync()))
            {
                Assert.That(Environment.TickCount64, Is.LessThan(end), $"{await StatisticsAsync()}");
                await SendOneAsync();
            }
        }

        private event Action? Checks;

        private async Task SendOneAsync()
        {
            BitConverter.TryWriteBytes(_message, _sent++);
            await channel.SendAsync(_message).AsTask().WaitAsync(Limit);
            Assert.That(_failed.Task.IsCompleted, Is.False, "a message is missing");
        }

        private void OnMessage(ReadOnlySpan<byte> message)
        {
            if (message.Length != Size || BitConverter.ToInt32(message) != _received)
            {
                _failed.TrySetResult();
            }

            Volatile.Write(ref _received, _received + 1);
            Checks?.Invoke();
        }
    }
}
