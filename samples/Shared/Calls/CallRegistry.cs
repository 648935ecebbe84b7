using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Calls;

/// <summary>The calls of this process: no more than a limit, each released when it is over, all of them when the process stops.</summary>
/// <param name="create">Makes the call of a number.</param>
/// <param name="limit">How many calls there can be at once.</param>
/// <param name="loggerFactory">Where the calls' log goes.</param>
internal sealed class CallRegistry(Func<int, PeerCall> create, int limit, ILoggerFactory loggerFactory) : BackgroundService
{
    /// <summary>How many calls there can be at once, in any sample.</summary>
    public const int Limit = 500;

    public const string LimitText = "This process has as many calls as it takes. Try again later.";

    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<PeerCall, byte> _calls = [];
    private readonly ILogger _logger = loggerFactory.CreateLogger<CallRegistry>();
    private int _begun;
    private int _active;

    /// <summary>The calls that last.</summary>
    public IEnumerable<PeerCall> Calls => _calls.Keys;

    /// <summary>Begins a call; false where there are too many, or the process is stopping.</summary>
    public bool TryBegin([NotNullWhen(true)] out PeerCall? call)
    {
        call = null;
        if (Interlocked.Increment(ref _active) > limit)
        {
            Interlocked.Decrement(ref _active);
            return false;
        }

        call = create(Interlocked.Increment(ref _begun));
        _calls.TryAdd(call, 0);
        CallLog.CallBegins(_logger, call.Number, _calls.Count);
        return true;
    }

    /// <summary>Ends a call; does nothing where it has ended already.</summary>
    public async ValueTask EndAsync(PeerCall call, string reason)
    {
        if (_calls.TryRemove(call, out _))
        {
            Interlocked.Decrement(ref _active);
            CallLog.CallEnds(_logger, call.Number, reason);
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
