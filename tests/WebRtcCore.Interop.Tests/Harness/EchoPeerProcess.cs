using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace WebRtcCore.Interop.Tests.Harness;

/// <summary>The sample as its users run it: a process of its own, on a free port of 127.0.0.1.</summary>
internal sealed partial class EchoPeerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = [];
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private EchoPeerProcess(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // Anywhere but beside the program: it must find its page by itself.
            WorkingDirectory = Path.GetTempPath(),
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "EchoPeer.dll"));
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, e) => OnLine(e.Data);
        _process.ErrorDataReceived += (_, e) => OnLine(e.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Output => string.Join('\n', _output);

    /// <summary>Starts it to serve calls on 127.0.0.1, and waits until it prints its address.</summary>
    public static async Task<(EchoPeerProcess Process, Uri Address)> ServeAsync()
    {
        var process = new EchoPeerProcess(["--urls", "http://127.0.0.1:0", "--address", "127.0.0.1"]);
        return (process, await process._address.Task.WaitAsync(Patience));
    }

    /// <summary>Runs it to its end, and returns its exit code and what it printed.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        await using var process = new EchoPeerProcess(arguments);
        return (await process.WaitForExitAsync(), process.Output);
    }

    /// <summary>What Ctrl-C does.</summary>
    public async Task<int> InterruptAsync()
    {
        using var kill = Process.Start("kill", ["-INT", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
        return await WaitForExitAsync();
    }

    public int CountFileDescriptors() => Directory.GetFileSystemEntries($"/proc/{_process.Id}/fd").Length;

    public int CountThreads() => Directory.GetDirectories($"/proc/{_process.Id}/task").Length;

    public int CountUdpSockets()
    {
        // /proc/<pid>/net/udp lists those of the whole namespace: count the ones whose inode this process holds.
        var held = Directory.GetFileSystemEntries($"/proc/{_process.Id}/fd").Select(f => new FileInfo(f).LinkTarget).Where(t => t is not null).ToHashSet();
        return File.ReadLines("/proc/net/udp").Concat(File.ReadLines("/proc/net/udp6"))
            .Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Count(columns => columns.Length > 9 && held.Contains($"socket:[{columns[9]}]"));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        TestContext.Out.WriteLine(Output);
        _process.Dispose();
    }

    private async Task<int> WaitForExitAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    private void OnLine(string? line)
    {
        if (line is null)
        {
            return;
        }

        _output.Enqueue(line);
        if (AddressLine().Match(line) is { Success: true } match)
        {
            _address.TrySetResult(new Uri(match.Value));
        }
    }

    [GeneratedRegex("http://127\\.0\\.0\\.1:[0-9]+")]
    private static partial Regex AddressLine();
}
