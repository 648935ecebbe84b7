using System.Diagnostics;
using System.Runtime.CompilerServices;
using WebRtcCore.Tests.Connections;

namespace WebRtcCore.Tests.Security;

/// <summary>Row 35 of docs/security.md: a thousand connections closed abruptly, in every state that they can be in.</summary>
[TestFixture]
[NonParallelizable]
public sealed class AbruptCloseTests
{
    private const int ClosedConnections = 1000;

    // The thread pool has threads of its own, and a collector may take its time with the last few objects.
    private const int ThreadTolerance = 20;
    private const int ObjectTolerance = 5;

    private static readonly IReadOnlyList<Func<PeerPair, Task>> Stages =
    [
        _ => Task.CompletedTask,
        pair => pair.Offerer.CreateOfferAsync(),
        pair => Offer(pair),
        async pair =>
        {
            await Offer(pair);
            await pair.Answerer.SetRemoteDescriptionAsync(pair.Offerer.LocalDescription!);
        },
        async pair =>
        {
            pair.Offerer.CreateDataChannel("early");
            await pair.NegotiateAsync();
        },
        pair => Connect(pair),
        pair => pair.OpenChannelAsync(),
        async pair =>
        {
            var (local, remote) = await pair.OpenChannelAsync();
            local.Send(new byte[100_000]);
            remote.Send("on its way");
        },
        async pair =>
        {
            await pair.OpenChannelAsync();
            pair.Offerer.Close();
        },
        async pair =>
        {
            await pair.OpenChannelAsync();
            pair.Offerer.RestartIce();
            await pair.Offerer.SetLocalDescriptionAsync();
        },
    ];

    [Test]
    public async Task Security_35_a_thousand_abrupt_closes_in_every_state_leave_nothing_behind()
    {
        await RunAsync(Stages.Count * 2, []);
        Collect();
        var (threads, sockets) = (Threads(), Sockets());
        var connections = new List<WeakReference>(ClosedConnections);

        await RunAsync(ClosedConnections / 2, connections);
        Collect();

        Assert.Multiple(() =>
        {
            Assert.That(connections, Has.Count.EqualTo(ClosedConnections));
            Assert.That(connections.Count(connection => connection.IsAlive), Is.LessThanOrEqualTo(ObjectTolerance), "connections alive");
            Assert.That(Sockets(), Is.LessThanOrEqualTo(sockets), "sockets");
            Assert.That(Threads(), Is.LessThanOrEqualTo(threads + ThreadTolerance), "threads");
        });
    }

    private static async Task RunAsync(int pairs, List<WeakReference> connections)
    {
        for (var i = 0; i < pairs; i++)
        {
            await CloseInStageAsync(Stages[i % Stages.Count], connections);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task CloseInStageAsync(Func<PeerPair, Task> stage, List<WeakReference> connections)
    {
        var pair = new PeerPair();
        connections.Add(new WeakReference(pair.Offerer));
        connections.Add(new WeakReference(pair.Answerer));
        await stage(pair);
        await pair.DisposeAsync();
    }

    private static async Task Offer(PeerPair pair)
    {
        pair.Offerer.CreateDataChannel("offered");
        await pair.Offerer.SetLocalDescriptionAsync();
    }

    private static async Task Connect(PeerPair pair)
    {
        pair.Offerer.CreateDataChannel("connected");
        await pair.ConnectAsync();
    }

    private static void Collect()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true);
            GC.WaitForPendingFinalizers();
        }
    }

    private static int Threads()
    {
        using var process = Process.GetCurrentProcess();
        return process.Threads.Count;
    }

    // Where the system shows what is open; elsewhere the objects and threads tell.
    private static int Sockets() => Directory.Exists("/proc/self/fd")
        ? Directory.EnumerateFileSystemEntries("/proc/self/fd").Count(entry => new FileInfo(entry).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true)
        : 0;
}
