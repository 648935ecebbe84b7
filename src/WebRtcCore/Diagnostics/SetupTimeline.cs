using System.Diagnostics;

namespace WebRtcCore.Diagnostics;

/// <summary>
/// When each phase of a connection's setup was complete: for the application, the meter and the activity source. Each phase counts once. Written on the loop, read
/// from any thread.
/// </summary>
internal sealed class SetupTimeline(TimeProvider time)
{
    private readonly Lock _gate = new();
    private Activity? _activity;
    private long? _start;
    private SetupTimings _timings = new();

    /// <summary>What is known so far.</summary>
    public SetupTimings Timings
    {
        get
        {
            lock (_gate)
            {
                return _timings;
            }
        }
    }

    /// <summary>Gathering begins: what all times count from.</summary>
    public void Begin()
    {
        lock (_gate)
        {
            if (_start is null)
            {
                _start = time.GetTimestamp();
                _activity = RtcActivity.StartSetup();
            }
        }
    }

    public void OnGathered() => Complete("gathering", static timings => timings.Gathering, static (timings, at) => timings with { Gathering = at });

    public void OnFirstPair() => Complete("ice", static timings => timings.FirstPair, static (timings, at) => timings with { FirstPair = at });

    public void OnNominated() => Complete("nomination", static timings => timings.Nomination, static (timings, at) => timings with { Nomination = at });

    public void OnDtls() => Complete("dtls", static timings => timings.Dtls, static (timings, at) => timings with { Dtls = at });

    public void OnSctp() => Complete("sctp", static timings => timings.Sctp, static (timings, at) => timings with { Sctp = at });

    /// <summary>The setup is over: media or data can flow, or nothing ever will.</summary>
    public void End(bool hasSucceeded, string? reason = null)
    {
        lock (_gate)
        {
            _activity.End(hasSucceeded, reason);
            _activity = null;
        }
    }

    private void Complete(string phase, Func<SetupTimings, TimeSpan?> get, Func<SetupTimings, TimeSpan, SetupTimings> set)
    {
        lock (_gate)
        {
            if (_start is not { } start || get(_timings) is not null)
            {
                return;
            }

            var at = time.GetElapsedTime(start);
            _timings = set(_timings, at);
            RtcMeter.SetupPhase(phase, at);
            _activity.Phase(phase);
        }
    }
}
