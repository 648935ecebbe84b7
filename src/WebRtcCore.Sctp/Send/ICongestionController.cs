using WebRtcCore.Primitives;

namespace WebRtcCore.Sctp.Send;

/// <summary>How much may be in flight. One implementation per algorithm; loss detection is not its business.</summary>
internal interface ICongestionController
{
    /// <summary>The congestion window in bytes.</summary>
    long Window { get; }

    /// <summary>The slow-start threshold in bytes; <see cref="long.MaxValue"/> before the first loss.</summary>
    long SlowStartThreshold { get; }

    /// <summary>The size of a full packet in bytes, the unit in which windows grow. It may change with the path; the window in bytes does not (RFC 8899, 3).</summary>
    int PacketSize { get; set; }

    /// <summary>Takes an acknowledgement outside of fast recovery.</summary>
    void OnAcknowledged(in Acknowledgement acknowledgement);

    /// <summary>Takes the first loss of a round: fast recovery begins.</summary>
    void OnLoss(Instant now);

    /// <summary>Takes an expiry of the retransmission timer.</summary>
    void OnTimeout(Instant now);

    /// <summary>Takes note that nothing was sent for a retransmission timeout.</summary>
    void OnIdle();

    /// <summary>The path is another one: nothing is known of it.</summary>
    void Restart();
}
