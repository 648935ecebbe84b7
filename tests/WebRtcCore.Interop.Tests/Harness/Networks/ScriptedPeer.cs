using WebRtcCore.Interop.Tests.Dtls;

namespace WebRtcCore.Interop.Tests.Harness.Networks;

/// <summary>A .NET end of a call in a network of its own: the process tests/WebRtcCore.Interop.Peer, spoken to through its input and output.</summary>
internal sealed class ScriptedPeer : IDisposable
{
    private readonly PeerProcess _process;
    private int _heard;

    public ScriptedPeer(NetworkNamespace network, params string[] arguments)
    {
        var (program, before) = network.Enter("dotnet");
        _process = new PeerProcess(program, [.. before, BuiltProgram.Peer, .. arguments]);
    }

    public string Output => _process.Output;

    /// <summary>
    /// Waits until the kinds of the candidates that carry the call, told as <c>Host ServerReflexive</c>, match <paramref name="kinds"/>: Chromium nominates what works
    /// first, which may be a relay, and then what works better.
    /// </summary>
    public Task PathAsync(string kinds) => _process.WaitForAsync($@"^path (?:{kinds})$(?![\s\S]*^path )");

    public Task<string> OfferAsync()
    {
        _process.WriteLine("offer");
        return _process.WaitForAsync("^description (.+)$");
    }

    public Task<string> AcceptOfferAsync(string json)
    {
        _process.WriteLine("accept " + json);
        return _process.WaitForAsync("^description (.+)$");
    }

    public void AcceptAnswer(string json) => _process.WriteLine("accept " + json);

    public Task OpenAsync() => _process.WaitForAsync("^open$");

    /// <summary>Waits until the connection is in a state.</summary>
    public Task StateAsync(string state) => _process.WaitForAsync($"^state {state}$", TimeSpan.FromSeconds(90));

    /// <summary>Sends so many bytes, and waits until the other end has returned them.</summary>
    public async Task SendAndReceiveAsync(int length)
    {
        _process.WriteLine($"send {length}");
        await _process.WaitForAsync($"^returned {length}$", TimeSpan.FromSeconds(90));
    }

    /// <summary>Sends so many bytes; <see cref="ReturnedAsync"/> waits for them.</summary>
    public void Send(int length) => _process.WriteLine($"send {length}");

    /// <summary>Waits until what was sent has been returned.</summary>
    public Task ReturnedAsync(int length) => _process.WaitForAsync($"^returned {length}$", TimeSpan.FromSeconds(90));

    /// <summary>Begins to send packets of audio, 50 a second.</summary>
    public void StartAudio() => _process.WriteLine("audio");

    /// <summary>Waits until so many packets of audio have come from now on.</summary>
    public async Task HearAsync(int packets)
    {
        var left = packets;
        for (var (asked, end) = (0, Environment.TickCount64 + 60_000); left > 0; asked++)
        {
            Assert.That(Environment.TickCount64, Is.LessThan(end), $"packets of audio come; of {packets}, {left} have not");
            _process.WriteLine($"heard {++_heard}");
            var heard = int.Parse(await _process.WaitForAsync($@"^heard {_heard} (\d+)$"));

            // The first answer is about the time before.
            left -= asked == 0 ? 0 : heard;
            await Task.Delay(100);
        }
    }

    public void Dispose()
    {
        TestContext.Out.WriteLine(Output);
        _process.Dispose();
    }
}
