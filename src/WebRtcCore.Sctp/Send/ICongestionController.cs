namespace WebRtcCore.Sctp.Send;

/// <summary>How much may be in flight. One implementation per algorithm; loss detection is not its business.</summary>
internal interface ICongestionController
{
    /// <summary>The congestion window in bytes.</summary>
    long Window { get; }

    /// <summary>The slow-start threshold in bytes.</summary>
    long SlowStartThreshold { get; }

    /// <summary>Takes an acknowledgement outside of fast recovery.</summary>
    /// <param name="bytes">Bytes acknowledged for the first time.</param>
    /// <param name="wasLimiting">Whether the window, and not a lack of data, held sending back.</param>
    void OnAcknowledged(int bytes, bool wasLimiting);

    /// <summary>Takes the first loss of a round: fast recovery begins.</summary>
    void OnLoss();

    /// <summary>Takes an expiry of the retransmission timer.</summary>
    void OnTimeout();

    /// <summary>Takes note that nothing was sent for a retransmission timeout.</summary>
    void OnIdle();
}
