using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Send;

/// <summary>
/// The peer's requests for key frames of one stream, passed on at most once per interval: a storm costs one key frame per interval.
/// A request in between is kept and passed on when the interval is over.
/// </summary>
internal sealed class KeyFrameRequestFilter(TimeSpan interval)
{
    private Instant? _passedOn;
    private bool _isPending;
    private byte? _lastCommandNumber;

    public long PliCount { get; private set; }

    public long FirCount { get; private set; }

    /// <summary>When a kept request is to be passed on.</summary>
    public Instant? Due => _isPending ? (_passedOn ?? Instant.Zero) + interval : null;

    public void OnPictureLoss()
    {
        PliCount++;
        _isPending = true;
    }

    public void OnFullIntraRequest(byte commandNumber)
    {
        // RFC 5104 4.3.1.2: the same command number is the same request, sent again in case it was lost.
        if (_lastCommandNumber != commandNumber)
        {
            _lastCommandNumber = commandNumber;
            FirCount++;
            _isPending = true;
        }
    }

    /// <summary>Whether a request is to be passed on now.</summary>
    public bool TryTake(Instant now)
    {
        if (!_isPending || (_passedOn is { } last && now < last + interval))
        {
            return false;
        }

        _isPending = false;
        _passedOn = now;
        return true;
    }
}
