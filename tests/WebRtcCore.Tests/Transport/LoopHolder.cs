using WebRtcCore.Transport;

namespace WebRtcCore.Tests.Transport;

/// <summary>Keeps a loop busy from another thread until released.</summary>
internal sealed class LoopHolder : IDisposable
{
    private readonly ManualResetEventSlim _release = new();
    private readonly Thread _thread;

    public LoopHolder(ConnectionLoop loop)
    {
        using var entered = new ManualResetEventSlim();
        _thread = new Thread(() =>
        {
            Assert.That(loop.TryEnter());
            entered.Set();
            _release.Wait(Signals.Limit);
            loop.Exit();
        });
        _thread.Start();
        Assert.That(entered.Wait(Signals.Limit));
    }

    public void Release()
    {
        _release.Set();
        _thread.Join();
    }

    public void Dispose()
    {
        Release();
        _release.Dispose();
    }
}
