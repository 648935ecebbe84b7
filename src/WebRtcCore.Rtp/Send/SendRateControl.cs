using WebRtcCore.Primitives;
using WebRtcCore.Rtp.Congestion;
using WebRtcCore.Rtp.Rtcp;

namespace WebRtcCore.Rtp.Send;

/// <summary>
/// The session's congestion control: feeds the controller with what is sent and what the peer reports, and hands its target to the pacer
/// and, shared out, to the streams. It works once a stream is sent for which the peer gives feedback.
/// </summary>
internal sealed class SendRateControl(
    RtpSendContext context, SendStreamTable streams, Pacer pacer, RoundTripTime roundTripTime, RtpEventQueue events)
{
    private readonly CongestionControlOptions _options = context.Options.CongestionControl;
    private readonly TransportFeedbackReader _feedback = new(context.History);
    private readonly BitrateAllocator _allocator = new();
    private readonly RateMeter _retransmitted = new();
    private ICongestionController? _controller;

    /// <summary>What may be sent in bits per second, or <see langword="null"/> where the peer gives no feedback.</summary>
    public long? TargetBitrateBps => _controller?.TargetBitrateBps;

    /// <summary>Looks anew whether the peer gives feedback: streams or what is agreed for them have changed.</summary>
    public void OnStreamsChanged(Instant now)
    {
        var hasTransportFeedback = false;
        var hasFeedback = false;
        context.HasStreamFeedback = false;
        foreach (var stream in streams.All)
        {
            hasTransportFeedback |= stream.HasTransportFeedback;
            context.HasStreamFeedback |= stream.HasStreamFeedback;
            hasFeedback |= stream.HasTransportFeedback || stream.HasRemoteEstimate;
        }

        if (hasFeedback)
        {
            _controller ??= _options.CreateController(_options);
        }

        pacer.IsEnabled = hasTransportFeedback && _options.Pacing != PacingMode.None;
        Apply(now);
    }

    /// <summary>A packet leaves.</summary>
    public void OnSent(int wireLength, bool isRetransmission, bool hasTransportNumber, Instant now)
    {
        if (_controller is not { } controller)
        {
            return;
        }

        if (hasTransportNumber)
        {
            controller.OnPacketSent(wireLength, now);
        }

        if (isRetransmission)
        {
            _retransmitted.Add(wireLength, now);
        }

        pacer.OnSent(wireLength, now);
        TakeProbes(controller, now);
    }

    /// <summary>Takes in transport-wide feedback.</summary>
    public void OnTransportFeedback(in TransportFeedback feedback, Instant now)
    {
        _feedback.Read(feedback);
        OnFeedbackRead(now);
    }

    /// <summary>Takes in feedback by streams (RFC 8888).</summary>
    public void OnCongestionFeedback(in CongestionFeedback feedback, Instant now)
    {
        _feedback.Read(feedback, context.Numbers);
        OnFeedbackRead(now);
    }

    private void OnFeedbackRead(Instant now)
    {
        var packets = _feedback.Packets;
        if (packets.IsEmpty)
        {
            return;
        }

        events.Add(new RtpEvent
        {
            Kind = RtpEventKind.TransportFeedbackReceived,
            PacketsReceived = _feedback.Received,
            PacketsLost = _feedback.Lost,
        });
        if (_controller is { } controller)
        {
            controller.OnRoundTripTime(roundTripTime.Value);
            controller.OnFeedback(packets, now);
            Apply(now);
        }
    }

    /// <summary>Takes in what the peer reports on a stream.</summary>
    public void OnReportBlock(in ReportBlock block, Instant now)
    {
        if (_controller is { } controller)
        {
            controller.OnReport(block.FractionLost / 256.0, now);
            Apply(now);
        }
    }

    /// <summary>Takes in the peer's estimate.</summary>
    public void OnRemoteEstimate(long bitrateBps, Instant now)
    {
        events.Add(new RtpEvent { Kind = RtpEventKind.BitrateEstimateReceived, BitrateBps = bitrateBps });
        if (_controller is { } controller)
        {
            controller.OnRemoteEstimate(bitrateBps, now);
            Apply(now);
        }
    }

    private void Apply(Instant now)
    {
        if (_controller is not { } controller)
        {
            return;
        }

        var target = controller.TargetBitrateBps;
        pacer.SetBitrate(controller.PacingBitrateBps, now);

        // Repairing takes its part first, but never more than half.
        var repair = Math.Min(_retransmitted.GetBitrateBps(now), target / 2);
        _allocator.Allocate(streams.All, target - repair, now);
        controller.SetWantedBitrate(_allocator.WantedBps);
        foreach (var stream in streams.All)
        {
            if (stream.TakeTargetChange())
            {
                events.Add(new RtpEvent { Kind = RtpEventKind.TargetBitrateChanged, SendStream = stream, BitrateBps = stream.TargetBitrateBps!.Value });
            }
        }

        TakeProbes(controller, now);
    }

    private void TakeProbes(ICongestionController controller, Instant now)
    {
        while (pacer.IsEnabled && controller.TryTakeProbe(now, out var cluster))
        {
            pacer.Probes.Add(cluster, now);
        }
    }
}
