using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace WebRtcCore.Interop.Tests.Dtls;

/// <summary>A peer's program. Its input is held open (<c>s_server</c> ends with it), its output is collected.</summary>
internal sealed class PeerProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();

    public PeerProcess(string program, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, e) => Append(e.Data);
        _process.ErrorDataReceived += (_, e) => Append(e.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    public bool HasExited => _process.HasExited;

    /// <summary>Waits until the output matches a pattern, and returns its first group.</summary>
    public async Task<string> WaitForAsync(string pattern, TimeSpan? patience = null)
    {
        using var limit = new CancellationTokenSource(patience ?? TimeSpan.FromSeconds(60));
        while (true)
        {
            if (Regex.Match(Output, pattern, RegexOptions.Multiline) is { Success: true } match)
            {
                return match.Groups[1].Value;
            }

            Assert.That(limit.IsCancellationRequested || HasExited, Is.False, () => $"waited for {pattern}; the output so far:\n{Output}");
            await Task.Delay(10);
        }
    }

    /// <summary>Completes when the process has ended and all of its output is there.</summary>
    public Task WaitForExitAsync() => _process.WaitForExitAsync();

    public void WriteLine(string line)
    {
        _process.StandardInput.Write(line + "\n");
        _process.StandardInput.Flush();
    }

    public bool Says(string pattern) => Regex.IsMatch(Output, pattern);

    public string Capture(string pattern) => Regex.Match(Output, pattern).Groups[1].Value;

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.WaitForExit();
        _process.Dispose();
    }

    private void Append(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }
    }
}
