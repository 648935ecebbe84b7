using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Threading.Channels;

namespace WebRtcCore.LoadTest.OnePort;

/// <summary>The first process's view of the second, a <see cref="PeerHost"/>.</summary>
internal sealed class PeerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Channel<(int Id, string Sdp)> _offers = Channel.CreateUnbounded<(int, string)>();
    private readonly Channel<int> _floods = Channel.CreateUnbounded<int>();
    private readonly Channel<long> _counts = Channel.CreateUnbounded<long>();
    private readonly Task _reading;

    private PeerProcess(Process process)
    {
        _process = process;
        _reading = ReadAsync();
    }

    public static PeerProcess Start()
    {
        // Under `dotnet x.dll` the process is dotnet itself, in a test it is the test host.
        var assembly = typeof(PeerProcess).Assembly;
        var isHost = Path.GetFileNameWithoutExtension(Environment.ProcessPath) != assembly.GetName().Name;
        var start = new ProcessStartInfo(isHost ? "dotnet" : Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var argument in (string[])[.. isHost ? (string[])[assembly.Location] : [], "oneport", "--client", "1"])
        {
            start.ArgumentList.Add(argument);
        }

        return new PeerProcess(Process.Start(start)!);
    }

    /// <summary>Asks for an offer and waits for the next.</summary>
    /// <param name="kind">What is offered: <c>offer</c> for a data channel, <c>view</c> to receive video.</param>
    public async Task<(int Id, string Sdp)> NextOfferAsync(string kind = "offer")
    {
        Write(kind);
        return await _offers.Reader.ReadAsync();
    }

    public void Answer(int id, string sdp) => Write($"answer {id} {Convert.ToBase64String(Encoding.UTF8.GetBytes(sdp))}");

    /// <summary>Has packets sent that belong to no connection; answers how many answers they got.</summary>
    public async Task<int> FloodAsync(IPEndPoint target, int count, string kind)
    {
        Write($"flood {target.Port} {count} {kind}");
        return await _floods.Reader.ReadAsync();
    }

    /// <summary>How many packets of video have arrived at all connections together.</summary>
    public async Task<long> CountAsync()
    {
        Write("count");
        return await _counts.Reader.ReadAsync();
    }

    public void CloseAll() => Write("close");

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _reading;
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            var words = line.Split(' ');
            if (words[0] == "offer")
            {
                _offers.Writer.TryWrite((Number(words[1]), Encoding.UTF8.GetString(Convert.FromBase64String(words[2]))));
            }
            else if (words[0] == "counted")
            {
                _counts.Writer.TryWrite(long.Parse(words[1], CultureInfo.InvariantCulture));
            }
            else if (words[0] == "flooded")
            {
                _floods.Writer.TryWrite(Number(words[1]));
            }
        }

        _offers.Writer.TryComplete();
        _floods.Writer.TryComplete();
        _counts.Writer.TryComplete();
    }

    private void Write(string line)
    {
        lock (_process)
        {
            _process.StandardInput.WriteLine(line);
            _process.StandardInput.Flush();
        }
    }

    private static int Number(string word) => int.Parse(word, CultureInfo.InvariantCulture);
}
