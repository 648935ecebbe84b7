using System.Diagnostics;
using WebRtcCore.LoadTest.Measuring;

namespace WebRtcCore.LoadTest.Verbs;

/// <summary>Many channels on one connection: how long they take to open, what they hold, and a message there and back on each.</summary>
internal sealed class ChannelsVerb : IVerb
{
    private const int MessageLength = 64;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public string Name => "channels";

    public string Summary => "many data channels on one connection: opening, memory, a message and its answer on each";

    public IReadOnlyList<VerbOption> Options { get; } = [new("count", 2000, 1, 60_000, "channels to open")];

    public async Task<JsonLine> RunAsync(VerbArguments arguments)
    {
        var count = arguments["count"];
        await using var pair = await PeerPair.ConnectAsync();
        var incoming = new Countdown(count);
        pair.Far.DataChannel += (_, e) =>
        {
            e.Channel.SetMessageHandler((channel, data, _) => channel.Send(data));
            incoming.Signal();
        };
        var heap = GC.GetTotalMemory(forceFullCollection: true);
        var start = Stopwatch.GetTimestamp();
        var channels = await OpenAsync(pair.Near, count);
        await incoming.Task.WaitAsync(Patience);
        var opened = Stopwatch.GetElapsedTime(start);
        heap = GC.GetTotalMemory(forceFullCollection: true) - heap;

        var answers = new Countdown(count);
        start = Stopwatch.GetTimestamp();
        foreach (var channel in channels)
        {
            channel.SetMessageHandler((_, _, _) => answers.Signal());
            channel.Send(new byte[MessageLength]);
        }

        await answers.Task.WaitAsync(Patience);
        var answered = Stopwatch.GetElapsedTime(start);
        GC.KeepAlive(channels);
        return new JsonLine(Name)
            .Add("count", count)
            .Add("open_ms", opened.TotalMilliseconds)
            .Add("answered", count - answers.Remaining)
            .Add("round_trips_ms", answered.TotalMilliseconds)
            .Add("heap_kilobytes_per_channel", heap / 1000.0 / count)
            .Add("udp_ns_per_packet", UdpBaseline.NanosecondsPerPacket());
    }

    private static async Task<DataChannel[]> OpenAsync(PeerConnection connection, int count)
    {
        var open = new Countdown(count);
        var channels = new DataChannel[count];
        for (var i = 0; i < count; i++)
        {
            channels[i] = connection.CreateDataChannel($"channel {i}");
            channels[i].Open += (_, _) => open.Signal();
        }

        await open.Task.WaitAsync(Patience);
        return channels;
    }

    /// <summary>Completes its task with the last of so many signals.</summary>
    private sealed class Countdown(int count)
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _remaining = count;

        public Task Task => _done.Task;

        public int Remaining => Volatile.Read(ref _remaining);

        public void Signal()
        {
            if (Interlocked.Decrement(ref _remaining) == 0)
            {
                _done.TrySetResult();
            }
        }
    }
}
