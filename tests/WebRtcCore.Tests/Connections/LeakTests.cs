using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace WebRtcCore.Tests.Connections;

/// <summary>What connections leave behind when they end abruptly, whatever state they were in.</summary>
[NonParallelizable]
public sealed class LeakTests
{
    private const int PairsPerState = 60;
    private const int ThreadPoolSlack = 24;

    private static readonly Func<PeerPair, Task>[] States =
    [
        _ => Task.CompletedTask,
        pair => pair.Offerer.SetLocalDescriptionAsync(),
        async pair =>
        {
            await pair.Offerer.SetLocalDescriptionAsync();
            await pair.Answerer.SetRemoteDescriptionAsync(pair.Offerer.LocalDescription!);
        },
        pair => pair.NegotiateAsync(),
        pair => pair.ConnectAsync(),
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
    public async Task A_thousand_connections_closed_in_every_state_leave_nothing_behind()
    {
        await UseAsync(State(4), 5);
        var handles = CountHandles();
        var threads = Process.GetCurrentProcess().Threads.Count;
        var connections = new List<WeakReference>();
        for (var state = 0; state < States.Length; state++)
        {
            connections.AddRange(await UseAsync(State(state), PairsPerState));
        }

        Assert.That(connections, Has.Count.EqualTo(2 * PairsPerState * States.Length));

        // The frames of the last pair's asynchronous methods may keep that pair. What is still on its way to its end on other threads gets the time for it.
        for (var end = Environment.TickCount64 + (long)PeerPair.Limit.TotalMilliseconds; Environment.TickCount64 < end;)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            if (connections.Count(c => c.IsAlive) <= 4 && CountHandles() <= handles + 5)
            {
                break;
            }

            await Task.Delay(20);
        }

        Assert.That(connections.Count(c => c.IsAlive), Is.LessThanOrEqualTo(4), "connections alive");
        Assert.That(CountHandles(), Is.LessThanOrEqualTo(handles + 5), "open file descriptors");

        // The thread pool may have grown a little of its own accord; a thread per connection would be a thousand.
        Assert.That(Process.GetCurrentProcess().Threads.Count, Is.LessThanOrEqualTo(threads + ThreadPoolSlack), "threads");
    }

    [Test]
    public async Task An_idle_connection_costs_no_thread()
    {
        var pairs = new List<PeerPair>();
        try
        {
            await Connect(pairs, 2);
            var threads = Process.GetCurrentProcess().Threads.Count;
            await Connect(pairs, 50);
            Assert.That(Process.GetCurrentProcess().Threads.Count, Is.LessThanOrEqualTo(threads + ThreadPoolSlack));
        }
        finally
        {
            foreach (var pair in pairs)
            {
                await pair.DisposeAsync();
            }
        }
    }

    private static Func<PeerPair, Task> State(int index) => States[index];

    private static async Task Connect(List<PeerPair> pairs, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var pair = new PeerPair();
            pairs.Add(pair);
            pair.Offerer.CreateDataChannel("x");
            await pair.ConnectAsync();
        }
    }

    private static async Task<List<WeakReference>> UseAsync(Func<PeerPair, Task> reach, int count)
    {
        var references = new List<WeakReference>();
        for (var i = 0; i < count; i++)
        {
            await UseOneAsync(reach, references);
        }

        return references;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task UseOneAsync(Func<PeerPair, Task> reach, List<WeakReference> references)
    {
        await using var pair = new PeerPair();
        pair.Offerer.CreateDataChannel("x");
        pair.Offerer.AddTransceiver(MediaKind.Audio);
        await reach(pair);
        references.Add(new WeakReference(pair.Offerer));
        references.Add(new WeakReference(pair.Answerer));
    }

    private static int CountHandles() => OperatingSystem.IsLinux() ? Directory.GetFiles("/proc/self/fd").Length : 0;
}
