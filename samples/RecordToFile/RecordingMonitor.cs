using System.Diagnostics;
using Calls;
using Measuring;

namespace RecordToFile;

/// <summary>Shows in the terminal what is being recorded: in a line that is kept up to date, or in one every few seconds where the output is a file or a pipe.</summary>
internal sealed class RecordingMonitor(CallRegistry registry) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval);
        var sinceLine = Stopwatch.StartNew();
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                string[] running = [.. registry.Calls.OfType<RecordingCall>().Select(c => c.Status).Where(s => s.File is not null).Select(Describe)];
                if (!Console.IsOutputRedirected)
                {
                    Console.Write($"\r\e[K{string.Join("  |  ", running)}");
                }
                else if (sinceLine.Elapsed > LineInterval && running.Length > 0)
                {
                    Array.ForEach(running, Console.WriteLine);
                    sinceLine.Restart();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The program ends.
        }
    }

    private static string Describe(RecorderStatus status) =>
        FormattableString.Invariant($"{status.File}: {status.Seconds:F1} s, {Figures.Bytes(status.Bytes)}, video {status.VideoKilobits:F0} kbit/s, audio {status.AudioKilobits:F0} kbit/s");
}
