using System.Diagnostics;
using Measuring;
using Spectre.Console;

namespace FileTransfer;

/// <summary>Shows the transfers: progress bars in a terminal, lines where the output goes to a file or a pipe.</summary>
internal sealed class Terminal
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(10);

    private readonly IAnsiConsole _console;
    private readonly TransferBoard _board;
    private readonly bool _hasBars;

    public Terminal(IAnsiConsole console, TransferBoard board)
    {
        _console = console;
        _board = board;
        _hasBars = console.Profile.Out.IsTerminal && console.Profile.Capabilities.Ansi;
        board.Began += transfer => WriteLine($"{(transfer.Incoming ? "Receiving" : "Offering")} {transfer.File.Name}, {Figures.Bytes(transfer.File.Size)}.");
        board.Ended += transfer => WriteLine(Describe(transfer));
    }

    public void WriteLine(string text)
    {
        if (_hasBars)
        {
            // Goes above the bars.
            _console.WriteLine(text);
        }
        else
        {
            // Spectre would break long lines.
            Console.WriteLine(text);
        }
    }

    /// <summary>Lets the key c cancel the transfers that run. In a script the input belongs to somebody else, unless <paramref name="always"/> says otherwise.</summary>
    public void ListenToKeys(bool always)
    {
        if (always || (_hasBars && !Console.IsInputRedirected))
        {
            new Thread(ReadKeys) { IsBackground = true, Name = "keys" }.Start();
        }
    }

    /// <summary>Shows how the transfers go on, until it is stopped.</summary>
    public Task ShowProgressAsync(CancellationToken stop) => _hasBars ? ShowBarsAsync(stop) : ShowLinesAsync(stop);

    private Task ShowBarsAsync(CancellationToken stop) => _console.Progress()
        .AutoClear(true)
        .HideCompleted(true)
        .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn())
        .StartAsync(async context =>
        {
            var bars = new Dictionary<Transfer, ProgressTask>();
            while (!stop.IsCancellationRequested)
            {
                var running = _board.Running.ToHashSet();
                foreach (var transfer in running)
                {
                    if (!bars.TryGetValue(transfer, out var bar))
                    {
                        bars[transfer] = bar = context.AddTask("", maxValue: Math.Max(1, transfer.File.Size));
                    }

                    bar.Description = Markup.Escape(DescribeProgress(transfer));
                    bar.Value = transfer.Offset;
                }

                foreach (var (transfer, bar) in bars.Where(b => !running.Contains(b.Key)).ToList())
                {
                    bar.Value = bar.MaxValue;
                    bar.StopTask();
                    bars.Remove(transfer);
                }

                await PauseAsync(Refresh, stop);
            }
        });

    private async Task ShowLinesAsync(CancellationToken stop)
    {
        var sinceLine = Stopwatch.StartNew();
        while (!stop.IsCancellationRequested)
        {
            var lines = _board.Running.Where(t => t.State == TransferState.Running).Select(DescribeProgress).ToList();
            if (sinceLine.Elapsed > LineInterval)
            {
                lines.ForEach(WriteLine);
                sinceLine.Restart();
            }

            await PauseAsync(Refresh, stop);
        }
    }

    private static string DescribeProgress(Transfer transfer)
    {
        double rate = transfer.MeasureRate();
        string left = rate > 0 ? $", {Figures.Time((transfer.File.Size - transfer.Offset) / rate)} left" : "";
        string progress = transfer.State == TransferState.Waiting
            ? "waiting"
            : $"{Figures.Bytes(transfer.Offset)} of {Figures.Bytes(transfer.File.Size)}, {Figures.Bytes(rate)}/s{left}";
        return $"{(transfer.Incoming ? "↓" : "↑")} {transfer.File.Name}: {progress}";
    }

    private static string Describe(Transfer transfer) => transfer.State switch
    {
        TransferState.Done when transfer.ResumedAt > 0 =>
            $"{(transfer.Incoming ? "Received" : "Sent")} {transfer.File.Name}, resumed at {Figures.Bytes(transfer.ResumedAt)}. {transfer.Remark}",
        TransferState.Done => $"{(transfer.Incoming ? "Received" : "Sent")} {transfer.File.Name}. {transfer.Remark}",
        TransferState.Lost => $"Interrupted {transfer.File.Name} at {Figures.Bytes(transfer.Offset)}. {transfer.Remark}",
        _ => $"Cancelled {transfer.File.Name}. {transfer.Remark}",
    };

    private static Task PauseAsync(TimeSpan time, CancellationToken stop) =>
        Task.Delay(time, stop).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

    private void ReadKeys()
    {
        while (true)
        {
            int key = Console.IsInputRedirected ? Console.In.Read() : Console.ReadKey(intercept: true).KeyChar;
            if (key < 0)
            {
                return;
            }

            if (key is 'c' or 'C')
            {
                _board.CancelAll();
            }
        }
    }
}
