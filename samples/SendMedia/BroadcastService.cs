using System.Diagnostics;
using SendMedia.Sources;

namespace SendMedia;

/// <summary>Lets the source run while somebody watches, and begins it anew where it fails.</summary>
internal sealed class BroadcastService(Broadcast broadcast, ILogger<Broadcast> logger) : BackgroundService
{
    private static readonly TimeSpan Check = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    private readonly long _begun = Stopwatch.GetTimestamp();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                while (broadcast.Count == 0)
                {
                    await Task.Delay(Check, stoppingToken);
                }

                await RunWhileWatchedAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The program ends.
        }
    }

    private async Task RunWhileWatchedAsync(CancellationToken stoppingToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var watching = EndWhenNobodyWatchesAsync(end);

        // Viewers stay when a source begins anew: its times go on.
        var offset = Stopwatch.GetElapsedTime(_begun);
        try
        {
            Log.SourceBegins(logger, broadcast.Source.Description);
            await broadcast.Source.RunAsync(frame => broadcast.Publish(frame with { Time = frame.Time + offset }), end.Token);
        }
        catch (SourceException failure)
        {
            Log.SourceFailed(logger, failure.Message);
            await Task.Delay(RetryInterval, stoppingToken);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested && !stoppingToken.IsCancellationRequested)
        {
            Log.SourceRests(logger);
        }
        finally
        {
            await end.CancelAsync();
            await watching;
        }
    }

    private async Task EndWhenNobodyWatchesAsync(CancellationTokenSource end)
    {
        var alone = Stopwatch.StartNew();
        while (!end.IsCancellationRequested)
        {
            if (broadcast.Count > 0)
            {
                alone.Restart();
            }
            else if (alone.Elapsed > Linger)
            {
                await end.CancelAsync();
            }

            await Task.Delay(Check, CancellationToken.None);
        }
    }
}
