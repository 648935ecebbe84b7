using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Send;

/// <summary>
/// Decides what leaves next, and when: retransmissions before queued media, padding only for probes. Audio and what is not to be held
/// back does not come here, but counts against the rate.
/// </summary>
internal sealed class Pacer(RtpSendContext context, SendStreamTable streams, RetransmissionQueue retransmissions)
{
    private readonly PacingBudget _budget = new();
    private readonly PacingQueue _queue = new();
    private readonly ProbeSender _probes = new();
    private readonly TimeSpan _maxDelay = context.Options.CongestionControl.MaxPacingDelay;
    private long _pacingBps;

    /// <summary>Whether packets are held back at all.</summary>
    public bool IsEnabled { get; set; }

    /// <summary>What waits.</summary>
    public PacingQueue Queue => _queue;

    /// <summary>What probes.</summary>
    public ProbeSender Probes => _probes;

    /// <summary>Sets the rate.</summary>
    public void SetBitrate(long bitrateBps, Instant now)
    {
        _pacingBps = bitrateBps;
        UpdateBudget(now);
    }

    /// <summary>A packet leaves, on whatever way.</summary>
    public void OnSent(int length, Instant now)
    {
        if (IsEnabled)
        {
            UpdateBudget(now);
            _budget.OnSent(length, now);
        }
    }

    /// <summary>Writes the next packet that is due.</summary>
    public bool TryWrite(Span<byte> destination, TimeSpan roundTripTime, Instant now, out int length)
    {
        if (!IsEnabled)
        {
            return retransmissions.TryWrite(destination, roundTripTime, now, out length) || TryWriteQueued(destination, now, out length);
        }

        if (TryWriteProbe(destination, roundTripTime, now, out length))
        {
            return true;
        }

        if (retransmissions.IsNextUnpaced && retransmissions.TryWrite(destination, roundTripTime, now, out length))
        {
            return true;
        }

        // Between the packets of a probe nothing else may leave: it would not be counted and slow them down.
        if (_probes.Due is not null)
        {
            return false;
        }

        if (_queue.Count > 0)
        {
            UpdateBudget(now);
        }

        return _budget.IsDue(now)
            && (retransmissions.TryWrite(destination, roundTripTime, now, out length) || TryWriteQueued(destination, now, out length));
    }

    /// <summary>When something is due next, or <see langword="null"/> if nothing waits.</summary>
    public Instant? GetDue()
    {
        if (!IsEnabled)
        {
            return null;
        }

        return _probes.Due ?? (_queue.Count > 0 || retransmissions.Count > 0 ? _budget.Due : null);
    }

    /// <summary>Forgets what waits of a stream.</summary>
    public void Remove(RtpSendStream stream) => _queue.Remove(stream);

    private bool TryWriteProbe(Span<byte> destination, TimeSpan roundTripTime, Instant now, out int length)
    {
        length = 0;
        if (!_probes.IsActive || !_probes.IsDue(now))
        {
            return false;
        }

        context.ProbeCluster = _probes.CurrentId;
        var isWritten = retransmissions.TryWrite(destination, roundTripTime, now, out length)
            || TryWriteQueued(destination, now, out length)
            || TryWritePadding(destination, now, out length);
        context.ProbeCluster = 0;
        if (isWritten)
        {
            _probes.OnSent(context.ToWireLength(length), now);
        }

        return isWritten;
    }

    private bool TryWriteQueued(Span<byte> destination, Instant now, out int length)
    {
        length = 0;
        while (_queue.TryTake(out var stream, out var packet, out var enqueued))
        {
            if (stream.TrySendQueued(destination, packet, enqueued, now, out length))
            {
                return true;
            }
        }

        return false;
    }

    private bool TryWritePadding(Span<byte> destination, Instant now, out int length)
    {
        length = 0;
        foreach (var stream in streams.All)
        {
            if (stream.TryWritePadding(destination, now, out length))
            {
                return true;
            }
        }

        return false;
    }

    // Faster than the pacing rate where packets would have to wait too long otherwise.
    private void UpdateBudget(Instant now)
    {
        var bitrate = Math.Max(_pacingBps, 1);
        if (_queue.Count > 0)
        {
            var left = Math.Max(1e-3, (_maxDelay - _queue.GetMeanAge(now)).TotalSeconds);
            bitrate = Math.Max(bitrate, (long)(_queue.Bytes * 8 / left));
        }

        _budget.SetBitrate(bitrate, now);
    }
}
