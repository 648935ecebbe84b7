using System.Diagnostics;
using System.Threading.Channels;

namespace WebRtcCore.Interop.Tests.Harness;

/// <summary>One direction of a <see cref="UdpRelay"/>: what of it is lost, and how late the rest arrives. A test may change everything at any time.</summary>
internal sealed class RelayDirection
{
    // What a delayed direction holds at most; beyond it the newest are lost, as in a full router queue.
    private const int QueueLimit = 10_000;

    // How long a datagram waits for a narrow link at most.
    private static readonly TimeSpan MaxQueueing = TimeSpan.FromMilliseconds(300);

    private readonly Lock _lock = new();
    private readonly Random _random;
    private readonly StratifiedLoss _loss;
    private readonly Channel<Delayed> _queue = Channel.CreateBounded<Delayed>(QueueLimit);
    private readonly CancellationToken _stop;
    private bool _isInBurst;
    private long _lastDue;
    private long _linkFree;
    private long _passed;
    private long _lost;

    /// <summary>Creates a direction that lets everything through at once.</summary>
    /// <param name="seed">Where its randomness begins.</param>
    /// <param name="stop">Ends its work.</param>
    public RelayDirection(int seed, CancellationToken stop)
    {
        _random = new Random(seed);
        _loss = new StratifiedLoss(_random);
        _stop = stop;
        _ = DeliverDelayedAsync();
    }

    /// <summary>Which datagrams the loss is about; see <see cref="RelayTraffic"/>.</summary>
    public Func<ReadOnlySpan<byte>, bool> Affects { get; set; } = static _ => true;

    /// <summary>The share of datagrams that is lost, 0 to 1. Without bursts their number is certain; see <see cref="StratifiedLoss"/>.</summary>
    public double LossRate { get; set; }

    /// <summary>How many datagrams in a row a loss takes on average. 1 is independent loss.</summary>
    public double MeanBurst { get; set; } = 1;

    /// <summary>Whether everything is lost.</summary>
    public bool IsBlackout { get; set; }

    /// <summary>How long each datagram is on its way.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>How much longer each datagram takes at most, evenly distributed; they stay in their order.</summary>
    public TimeSpan Jitter { get; set; }

    /// <summary>How much fits through, in bits per second of UDP payload, with a queue of 300 ms before it; <see langword="null"/> for everything.</summary>
    public long? BitrateBps { get; set; }

    /// <summary>How many datagrams have passed.</summary>
    public long Passed => Volatile.Read(ref _passed);

    /// <summary>How many datagrams were lost.</summary>
    public long Lost => Volatile.Read(ref _lost);

    /// <summary>Carries one datagram, or does not.</summary>
    /// <param name="datagram">Borrowed.</param>
    /// <param name="send">Sends it on.</param>
    public void Carry(ReadOnlySpan<byte> datagram, Action<ReadOnlySpan<byte>> send)
    {
        if (IsLost(datagram))
        {
            Interlocked.Increment(ref _lost);
            return;
        }

        if (Delay == TimeSpan.Zero && Jitter == TimeSpan.Zero && BitrateBps is null)
        {
            Interlocked.Increment(ref _passed);
            send(datagram);
        }
        else if (FindDue(datagram.Length) is not { } due || !_queue.Writer.TryWrite(new Delayed(datagram.ToArray(), due, send)))
        {
            Interlocked.Increment(ref _lost);
        }
    }

    // When a datagram of a length arrives at the other end, as a timestamp; null if the queue is full.
    private long? FindDue(int length)
    {
        lock (_lock)
        {
            long now = Stopwatch.GetTimestamp();
            long sent = now;
            if (BitrateBps is { } bitrate)
            {
                sent = Math.Max(now, _linkFree) + (8L * length * Stopwatch.Frequency / bitrate);
                if (Stopwatch.GetElapsedTime(now, sent) > MaxQueueing)
                {
                    return null;
                }

                _linkFree = sent;
            }

            var delay = Delay + (Jitter * _random.NextDouble());
            return _lastDue = Math.Max(_lastDue, sent + (long)(delay.TotalSeconds * Stopwatch.Frequency));
        }
    }

    private bool IsLost(ReadOnlySpan<byte> datagram)
    {
        if (!Affects(datagram))
        {
            return false;
        }

        lock (_lock)
        {
            if (MeanBurst <= 1)
            {
                return _loss.TakesNext(LossRate) || IsBlackout;
            }

            // Two states. A burst ends after each of its datagrams with 1 / MeanBurst, and begins so often that LossRate is lost in all.
            double change = _isInBurst ? 1 / MeanBurst : LossRate / ((1 - LossRate) * MeanBurst);
            _isInBurst = _random.NextDouble() < change != _isInBurst;
            return IsBlackout || _isInBurst;
        }
    }

    private async Task DeliverDelayedAsync()
    {
        try
        {
            await foreach (var datagram in _queue.Reader.ReadAllAsync(_stop))
            {
                var early = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), datagram.Due);
                if (early > TimeSpan.Zero)
                {
                    await Task.Delay(early, _stop);
                }

                Interlocked.Increment(ref _passed);
                datagram.Send(datagram.Bytes);
            }
        }
        catch (OperationCanceledException)
        {
            // The relay is disposed of.
        }
    }

    private readonly record struct Delayed(byte[] Bytes, long Due, Action<ReadOnlySpan<byte>> Send);
}
