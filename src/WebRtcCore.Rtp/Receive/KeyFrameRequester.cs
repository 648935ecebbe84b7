using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Receive;

/// <summary>Requests for key frames of one received stream, at most one per interval; a request in between waits.</summary>
internal sealed class KeyFrameRequester(TimeSpan interval)
{
    private Instant? _sent;

    public long PliCount { get; private set; }

    public long FirCount { get; private set; }

    /// <summary>The number of the last FIR command.</summary>
    public byte CommandNumber { get; private set; }

    public bool IsPending { get; private set; }

    /// <summary>When a waiting request may go out.</summary>
    public Instant? Due => IsPending ? (_sent is { } sent ? sent + interval : Instant.Zero) : null;

    public void Request() => IsPending = true;

    /// <summary>Drops a waiting request: the peer has agreed on no way to ask.</summary>
    public void Cancel() => IsPending = false;

    /// <summary>Whether a request is to be sent now.</summary>
    /// <param name="now">The time.</param>
    /// <param name="asFullIntraRequest">Whether it is a FIR, which counts commands, or a PLI.</param>
    public bool TryTake(Instant now, bool asFullIntraRequest)
    {
        if (Due is not { } due || due > now)
        {
            return false;
        }

        IsPending = false;
        _sent = now;
        if (asFullIntraRequest)
        {
            FirCount++;
            CommandNumber++;
        }
        else
        {
            PliCount++;
        }

        return true;
    }
}
