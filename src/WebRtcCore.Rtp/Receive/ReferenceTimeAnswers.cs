using WebRtcCore.Primitives;
using WebRtcCore.Rtp.Rtcp;

namespace WebRtcCore.Rtp.Receive;

/// <summary>The peer's reference times that are still to be answered (RFC 3611, 4.4 and 4.5); a few, the latest of each reporter.</summary>
internal sealed class ReferenceTimeAnswers
{
    /// <summary>More reporters than this at one peer are not answered.</summary>
    public const int Capacity = 8;

    private readonly List<(Ssrc Reporter, NtpTimestamp Ntp, Instant Received)> _times = [];

    public int Count => _times.Count;

    public void Add(Ssrc reporter, NtpTimestamp ntp, Instant now)
    {
        _times.RemoveAll(t => t.Reporter == reporter);
        if (_times.Count < Capacity)
        {
            _times.Add((reporter, ntp, now));
        }
    }

    /// <summary>Takes all answers; <paramref name="entries"/> has room for <see cref="Capacity"/>.</summary>
    public int Take(Span<DelaySinceLastReceiverReportEntry> entries, Instant now)
    {
        for (var i = 0; i < _times.Count; i++)
        {
            var (reporter, ntp, received) = _times[i];
            entries[i] = new DelaySinceLastReceiverReportEntry(reporter, ntp.Middle, RtpClock.ToTicks(now - received, 0x1_0000));
        }

        var count = _times.Count;
        _times.Clear();
        return count;
    }
}
