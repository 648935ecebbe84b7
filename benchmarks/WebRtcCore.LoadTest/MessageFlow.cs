using WebRtcCore.LoadTest.Measuring;

namespace WebRtcCore.LoadTest;

/// <summary>Sends messages of one size from one side to the other for some time, as fast as the connection takes them.</summary>
internal sealed class MessageFlow
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1.5);

    private readonly PeerPair _pair;
    private readonly byte[] _message;
    private long _receivedMessages;
    private long _receivedBytes;

    public MessageFlow(PeerPair pair, int size)
    {
        _pair = pair;
        _message = new byte[size];
        Random.Shared.NextBytes(_message);
        pair.FarChannel.SetMessageHandler((_, data, _) =>
        {
            Interlocked.Increment(ref _receivedMessages);
            Interlocked.Add(ref _receivedBytes, data.Length);
        });
    }

    /// <summary>Warms up, then measures what arrives during <paramref name="duration"/>.</summary>
    public async Task<FlowResult> RunAsync(TimeSpan duration)
    {
        using var stop = new CancellationTokenSource();
        var sending = SendAsync(stop.Token);
        await Task.WhenAny(Task.Delay(WarmUp), sending);

        var meter = ResourceMeter.Start();
        var (messages, bytes) = (Interlocked.Read(ref _receivedMessages), Interlocked.Read(ref _receivedBytes));
        await Task.WhenAny(Task.Delay(duration), sending);
        var result = new FlowResult(
            Interlocked.Read(ref _receivedMessages) - messages, Interlocked.Read(ref _receivedBytes) - bytes, meter.Elapsed, meter.Cpu, meter.AllocatedBytes);

        await stop.CancelAsync();
        await sending;
        return result;
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        try
        {
            while (true)
            {
                await _pair.NearChannel.SendAsync(_message, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The time is over.
        }
    }
}
