using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace WebRtcCore.Interop.Tests.Harness;

/// <summary>A sample as its users run it: a process of its own, serving on 127.0.0.1.</summary>
internal partial class SampleProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = [];
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    protected SampleProcess(string sample, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        // Where the tests run in the background of a script, Ctrl-C is ignored, and a child would inherit that.
        var start = new ProcessStartInfo("/usr/bin/env")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // Anywhere but beside the program: it must find its page by itself.
            WorkingDirectory = Path.GetTempPath(),
        };
        start.ArgumentList.Add("--default-signal=INT");
        start.ArgumentList.Add("dotnet");
        start.ArgumentList.Add(BuiltProgram.Sample(sample));
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, e) => OnLine(e.Data);
        _process.ErrorDataReceived += (_, e) => OnLine(e.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The address that it prints when it serves.</summary>
    public Task<Uri> Address => _address.Task.WaitAsync(Patience);

    public string Output => string.Join('\n', _output);

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

    /// <summary>Waits until it ends by itself, and returns its exit code.</summary>
    public async Task<int> WaitForExitAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    /// <summary>Waits until it has printed so many lines with a text in them.</summary>
    public async Task WaitForOutputAsync(string text, int lines = 1)
    {
        var watch = Stopwatch.StartNew();
        while (_output.Count(l => l.Contains(text, StringComparison.Ordinal)) < lines)
        {
            Assert.That(watch.Elapsed, Is.LessThan(Patience), $"waited for '{text}' in:\n{Output}");
            await Task.Delay(20);
        }
    }

    /// <summary>Ends it as a power failure would.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await WaitForExitAsync();
    }

    /// <summary>Presses a key.</summary>
    public async Task PressAsync(char key)
    {
        await _process.StandardInput.WriteAsync(key);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>The most memory that it has had, in bytes.</summary>
    public long PeakMemory() => 1024 * long.Parse(File.ReadLines($"/proc/{_process.Id}/status").First(l => l.StartsWith("VmHWM", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);

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
