using WebRtcCore.Rtp;

namespace WebRtcCore;

/// <summary>The keys of one receiver, with the clock that tells when a key whose end is lost is over.</summary>
internal sealed class DtmfReceiver(Func<MediaEnvironment> environment, Action<DtmfToneEventArgs> raise)
{
    // RFC 4733 2.5.2.2: three times the interval between reports, which is 50 ms at most.
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(150);

    private readonly Lock _gate = new();
    private readonly DtmfReceiving _receiving = new();
    private ITimer? _timer;
    private bool _isClosed;

    /// <summary>Takes a packet of telephone events in.</summary>
    public void OnPacket(in RtpPacketView packet, int clockRate)
    {
        DtmfToneEventArgs? over;
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            over = _receiving.OnPacket(packet.Payload, packet.TimestampTicks, clockRate);
            if (_receiving.IsSounding)
            {
                _timer ??= environment().Options.TimeProvider.CreateTimer(_ => OnSilence(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                _timer.Change(Silence, Timeout.InfiniteTimeSpan);
            }
        }

        Raise(over);
    }

    /// <summary>Nothing will come any more.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            _timer?.Dispose();
        }
    }

    private void OnSilence()
    {
        DtmfToneEventArgs? over;
        lock (_gate)
        {
            over = _isClosed ? null : _receiving.End();
        }

        Raise(over);
    }

    private void Raise(DtmfToneEventArgs? tone)
    {
        if (tone is not null)
        {
            raise(tone);
        }
    }
}
