using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Congestion;

/// <summary>
/// Decides how much a transport may send. Sans-IO like every core: it is told what is sent and what the peer reports, and asked for its
/// target. One instance serves one <see cref="RtpSession"/> and is called by it only.
/// </summary>
public interface ICongestionController
{
    /// <summary>Bits per second for everything that is sent, headers down to IP included: media, retransmissions, padding.</summary>
    long TargetBitrateBps { get; }

    /// <summary>Bits per second at which packets that wait leave: more than the target, so that a large frame does not wait for long.</summary>
    long PacingBitrateBps { get; }

    /// <summary>A packet goes out.</summary>
    /// <param name="length">Bytes on the wire.</param>
    /// <param name="now">The time.</param>
    void OnPacketSent(int length, Instant now);

    /// <summary>The peer has told about single packets (transport-wide feedback or RFC 8888).</summary>
    /// <param name="packets">Those that are told of for the first time, in the order of their arrival, lost ones anywhere between; borrowed.</param>
    /// <param name="now">The time.</param>
    void OnFeedback(ReadOnlySpan<PacketFeedback> packets, Instant now);

    /// <summary>The peer has reported on a stream (RFC 3550, 6.4).</summary>
    /// <param name="fractionLost">The part of its packets lost since the last report, 0 to 1.</param>
    /// <param name="now">The time.</param>
    void OnReport(double fractionLost, Instant now);

    /// <summary>The round-trip time was measured.</summary>
    void OnRoundTripTime(TimeSpan roundTripTime);

    /// <summary>The peer has estimated what it can receive (REMB): no more than that is sent.</summary>
    void OnRemoteEstimate(long bitrateBps, Instant now);

    /// <summary>The most that all streams together have a use for, in bits per second; there is no point in probing far beyond it.</summary>
    void SetWantedBitrate(long bitrateBps);

    /// <summary>Takes the next wish for a probe.</summary>
    bool TryTakeProbe(Instant now, out ProbeCluster cluster);
}
