using WebRtcCore.Rtp.Payloads;

namespace WebRtcCore;

/// <summary>
/// Makes keys pressed out of telephone events, which come many times each (RFC 4733, 2.5.2). A key counts once: with its first end, or, where all ends are lost, with
/// the next key or after a silence.
/// </summary>
internal sealed class DtmfReceiving
{
    private bool _isOpen;
    private bool _hasEnded;
    private byte _event;
    private uint _timestamp;
    private long _earlierTicks;
    private ushort _ticks;
    private int _clockRate;

    /// <summary>Whether a key is pressed whose end has not come.</summary>
    public bool IsSounding => _isOpen && !_hasEnded;

    /// <summary>Takes a packet of telephone events in.</summary>
    /// <param name="payload">Its payload, borrowed.</param>
    /// <param name="timestampTicks">Its timestamp: when the event began.</param>
    /// <param name="clockRate">Ticks per second.</param>
    /// <returns>The key that is over with it, or <see langword="null"/>.</returns>
    public DtmfToneEventArgs? OnPacket(ReadOnlySpan<byte> payload, uint timestampTicks, int clockRate)
    {
        if (!TelephoneEvent.TryParse(payload, out var received) || received.Key is null)
        {
            return null;
        }

        DtmfToneEventArgs? over = null;
        if (_isOpen && timestampTicks == _timestamp + ushort.MaxValue && received.Event == _event && !_hasEnded)
        {
            // The same key, still pressed: another segment.
            _earlierTicks += ushort.MaxValue;
            _timestamp = timestampTicks;
            _ticks = 0;
        }
        else if (!_isOpen || timestampTicks != _timestamp)
        {
            if (_isOpen && (int)(timestampTicks - _timestamp) < 0)
            {
                // A straggler of a key that is over.
                return null;
            }

            over = IsSounding ? MakeTone() : null;
            (_isOpen, _hasEnded, _event, _timestamp, _earlierTicks, _ticks, _clockRate) = (true, false, received.Event, timestampTicks, 0, 0, clockRate);
        }

        if (_hasEnded)
        {
            return over;
        }

        _ticks = Math.Max(_ticks, received.DurationTicks);
        if (!received.IsEnd)
        {
            return over;
        }

        // Two at once come only where all ends of the first and all but the end of the second are lost; the first gives way.
        _hasEnded = true;
        return MakeTone();
    }

    /// <summary>Nothing has come of a key for so long that all its ends must be lost.</summary>
    /// <returns>The key, as long as it is known to have been, or <see langword="null"/> where none is pressed.</returns>
    public DtmfToneEventArgs? End()
    {
        if (!IsSounding)
        {
            return null;
        }

        _hasEnded = true;
        return MakeTone();
    }

    private DtmfToneEventArgs MakeTone() =>
        new(new TelephoneEvent(_event, true, 0, 0).Key!.Value, TimeSpan.FromSeconds((double)(_earlierTicks + _ticks) / _clockRate));
}
