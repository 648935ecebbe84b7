namespace WebRtcCore.Sctp.Send;

/// <summary>Slow start, congestion avoidance and fast recovery of RFC 9260, 7.2.</summary>
internal sealed class NewRenoController : ICongestionController
{
    // The window never falls below this after a loss (RFC 9260 7.2.3).
    private const int LeastPackets = 4;

    // Deviation: RFC 9260 7.2.1 lets a SACK open the window by one packet. SACKs here may stand for many packets received in one batch.
    private const int MostPacketsPerSack = 32;
    private readonly int _packetSize;
    private readonly long _initialWindow;
    private long _acknowledged;

    /// <summary>Starts in slow start.</summary>
    public NewRenoController(int packetSize, int initialPackets)
    {
        _packetSize = packetSize;
        _initialWindow = (long)packetSize * initialPackets;
        Window = _initialWindow;
        SlowStartThreshold = long.MaxValue;
    }

    /// <inheritdoc/>
    public long Window { get; private set; }

    /// <inheritdoc/>
    public long SlowStartThreshold { get; private set; }

    /// <inheritdoc/>
    public void OnAcknowledged(int bytes, bool wasLimiting)
    {
        // RFC 9260 7.2.1: a window that is not used says nothing about the path.
        if (!wasLimiting)
        {
            _acknowledged = 0;
            return;
        }

        if (Window <= SlowStartThreshold)
        {
            Window += Math.Min(bytes, _packetSize * MostPacketsPerSack);
            return;
        }

        // RFC 9260 7.2.2: one packet more per window acknowledged.
        _acknowledged += bytes;
        if (_acknowledged >= Window)
        {
            _acknowledged -= Window;
            Window += _packetSize;
        }
    }

    /// <inheritdoc/>
    public void OnLoss()
    {
        SlowStartThreshold = Math.Max(Window / 2, LeastPackets * _packetSize);
        Window = SlowStartThreshold;
        _acknowledged = 0;
    }

    /// <inheritdoc/>
    public void OnTimeout()
    {
        SlowStartThreshold = Math.Max(Window / 2, LeastPackets * _packetSize);
        Window = _packetSize;
        _acknowledged = 0;
    }

    /// <inheritdoc/>
    public void OnIdle()
    {
        // RFC 9260 7.2.1: what was learned about the path grows old.
        SlowStartThreshold = Math.Max(SlowStartThreshold, Window - (Window / 4));
        Window = Math.Max(Window / 2, _initialWindow);
    }
}
