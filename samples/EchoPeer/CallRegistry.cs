using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace EchoPeer;

/// <summary>The calls of this process: no more than a limit, each released when it is over, all of them when the process stops.</summary>
internal sealed class CallRegistry(EchoOptions options, ILoggerFactory loggerFactory) : BackgroundService
{
    /// <summary>How many calls there can be at once.</summary>
    public const int Limit = 500;

    public const string LimitText = "This process has as many calls as it takes. Try again later.";

    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<EchoCall, byte> _calls = [];
    private readonly ILogger _logger = loggerFactory.CreateLogger<CallRegistry>();
    private int _begun;
    private int _active;

    /// <summary>Begins a call; false where there are too many, or the process is stopping.</summary>
    public bool TryBegin([NotNullWhen(true)] out EchoCall? call)
    {
        call = null;
        if (Interlocked.Increment(ref _active) > Limit)
        {
            Interlocked.Decrement(ref _active);
            return false;
        }

        call = new EchoCall(Interlocked.Increment(ref _begun), options, loggerFactory);
        _calls.TryAdd(call, 0);
        Log.CallBegins(_logger, call.Number, _calls.Count);
        return true;
    }

    /// <summary>Ends a call; does nothing where it has ended already.</summary>
    public async ValueTask EndAsync(EchoCall call, string reason)
    {
        if (_calls.TryRemove(call, out _))
        {
            Interlocked.Decrement(ref _active);
            Log.CallEnds(_logger, call.Number, reason);
            await call.DisposeAsync();
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Task.WhenAll(_calls.Keys.Select(call => EndAsync(call, "the program ends").AsTask()));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(SweepInterval);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                foreach (var call in _calls.Keys)
                {
                    if (call.EndReason is { } reason)
                    {
                        await EndAsync(call, reason);
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops; StopAsync ends the calls.
        }
    }
}
