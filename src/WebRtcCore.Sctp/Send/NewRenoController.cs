using WebRtcCore.Primitives;

namespace WebRtcCore.Sctp.Send;

/// <summary>Slow start, congestion avoidance and fast recovery of RFC 9260, 7.2.</summary>
internal sealed class NewRenoController : ICongestionController
{
    /// <summary>
    /// How many packets one SACK may open the window by. Deviation: RFC 9260 7.2.1 has one. SACKs here may stand for many packets received in one batch.
    /// </summary>
    public const int MostPacketsPerSack = 32;

    // The window never falls below this after a loss (RFC 9260 7.2.3).
    private const int LeastPackets = 4;
    private readonly int _initialPackets;
    private readonly int _mostPackets;
    private int _packetSize;
    private long _acknowledged;

    /// <summary>Starts in slow start.</summary>
    public NewRenoController(int packetSize, int initialPackets, int mostPacketsPerSack = MostPacketsPerSack)
    {
        _packetSize = packetSize;
        _initialPackets = initialPackets;
        _mostPackets = mostPacketsPerSack;
        Restart();
    }

    /// <inheritdoc/>
    public long Window { get; private set; }

    /// <inheritdoc/>
    public long SlowStartThreshold { get; private set; }

    /// <inheritdoc/>
    public int PacketSize
    {
        get => _packetSize;
        set
        {
            _packetSize = value;
            Window = Math.Max(Window, value);
        }
    }

    private long InitialWindow => InitialCongestionWindow.Get(_packetSize, _initialPackets);

    /// <inheritdoc/>
    public void OnAcknowledged(in Acknowledgement acknowledgement)
    {
        // RFC 9260 7.2.1: a window that is not used says nothing about the path.
        if (!acknowledgement.WasLimiting)
        {
            _acknowledged = 0;
            return;
        }

        if (Window <= SlowStartThreshold)
        {
            Window += Math.Min(acknowledgement.Bytes, PacketSize * _mostPackets);
            return;
        }

        // RFC 9260 7.2.2: one packet more per window acknowledged.
        _acknowledged += acknowledgement.Bytes;
        if (_acknowledged >= Window)
        {
            _acknowledged -= Window;
            Window += PacketSize;
        }
    }

    /// <inheritdoc/>
    public void OnLoss(Instant now)
    {
        Halve();
        Window = SlowStartThreshold;
    }

    /// <inheritdoc/>
    public void OnTimeout(Instant now)
    {
        Halve();
        Window = PacketSize;
    }

    /// <inheritdoc/>
    public void OnIdle()
    {
        // RFC 9260 7.2.1: what was learned about the path grows old.
        SlowStartThreshold = Math.Max(SlowStartThreshold, Window - (Window / 4));
        Window = Math.Max(Window / 2, InitialWindow);
    }

    /// <inheritdoc/>
    public void Restart()
    {
        Window = InitialWindow;
        SlowStartThreshold = long.MaxValue;
        _acknowledged = 0;
    }

    private void Halve()
    {
        SlowStartThreshold = Math.Max(Window / 2, LeastPackets * PacketSize);
        _acknowledged = 0;
    }
}
