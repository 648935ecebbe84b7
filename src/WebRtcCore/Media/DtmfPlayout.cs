using WebRtcCore.Primitives;
using WebRtcCore.Rtp.Payloads;

namespace WebRtcCore;

/// <summary>
/// The steps of a DTMF sender without its timer: which tone sounds when, and what is to be sent for it (W3C webrtc 7.2, RFC 4733 2.5). It is told the time.
/// </summary>
internal sealed class DtmfPlayout
{
    /// <summary>A tone that sounds is reported so often; also the step of the clock.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    // RFC 4733 2.5.1.4: the last report is sent three times, because nothing tells of its loss.
    private const int EndReports = 3;

    // -10 dBm0, as browsers.
    private const byte Volume = 10;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly Queue<Report> _reports = new();
    private string _tones = "";
    private TimeSpan _duration;
    private TimeSpan _gap;
    private int _clockRate;
    private byte? _event;
    private Instant _toneStart;
    private uint _segmentTimestamp;
    private long _segmentOffset;
    private bool _isFirst;
    private Instant? _next;
    private readonly Queue<string> _changes = new();

    /// <summary>What has not been played yet (W3C [[ToneBuffer]]).</summary>
    public string ToneBuffer => _tones;

    /// <summary>Whether there is nothing left to be done.</summary>
    public bool IsIdle => _next is null && _event is null;

    /// <summary>Whether a tone sounds.</summary>
    public bool IsSounding => _event is not null;

    /// <summary>Sets what is to be played; a tone that sounds is played to its end.</summary>
    public void Insert(string tones, TimeSpan duration, TimeSpan gap, Instant now)
    {
        _tones = tones;
        _duration = duration;
        _gap = gap;
        if (tones.Length > 0 && IsIdle)
        {
            _next = now;
        }
    }

    /// <summary>Moves on to the present.</summary>
    /// <param name="clockRate">Ticks per second of what is negotiated.</param>
    /// <param name="timestamp">The RTP timestamp of the present.</param>
    /// <param name="now">The present.</param>
    public void Advance(int clockRate, uint timestamp, Instant now)
    {
        _clockRate = clockRate;
        if (_event is not null)
        {
            Sound(now);
        }

        while (_event is null && _next is { } next && next <= now)
        {
            Begin(timestamp, now);
        }
    }

    /// <summary>Takes the next payload to be sent.</summary>
    public bool TryTakeReport(out Report report) => _reports.TryDequeue(out report);

    /// <summary>Takes the next <c>tonechange</c>: a tone that has begun, or nothing at the end.</summary>
    public bool TryTakeChange(out string? tone) => _changes.TryDequeue(out tone);

    private void Begin(uint timestamp, Instant now)
    {
        if (_tones.Length == 0)
        {
            _next = null;
            _changes.Enqueue("");
            return;
        }

        var tone = _tones[0];
        _tones = _tones[1..];
        _changes.Enqueue(tone.ToString());
        if (!TelephoneEvent.TryGetEvent(tone, out var code))
        {
            // A comma is a pause of 2 s.
            _next = now + Pause;
            return;
        }

        _event = code;
        _toneStart = now;
        _segmentTimestamp = timestamp;
        _segmentOffset = 0;
        _isFirst = true;
        Enqueue(ToTicks(Interval), isEnd: false);
    }

    private void Sound(Instant now)
    {
        var elapsed = now - _toneStart;
        var isEnd = elapsed >= _duration;
        var ticks = ToTicks(isEnd ? _duration : elapsed + Interval);

        // RFC 4733 2.5.1.3: what outgrows the field goes on as another segment of the same event.
        while (ticks - _segmentOffset > ushort.MaxValue)
        {
            Enqueue(_segmentOffset + ushort.MaxValue, isEnd: false);
            _segmentOffset += ushort.MaxValue;
            _segmentTimestamp += ushort.MaxValue;
        }

        for (var i = 0; i < (isEnd ? EndReports : 1); i++)
        {
            Enqueue(ticks, isEnd);
        }

        if (isEnd)
        {
            _event = null;
            _next = _toneStart + _duration + _gap;
        }
    }

    private void Enqueue(long ticks, bool isEnd)
    {
        _reports.Enqueue(new Report(new TelephoneEvent(_event!.Value, isEnd, Volume, (ushort)Math.Min(ushort.MaxValue, ticks - _segmentOffset)), _segmentTimestamp, _isFirst));
        _isFirst = false;
    }

    private long ToTicks(TimeSpan time) => (long)(time.TotalSeconds * _clockRate);

    /// <summary>One payload.</summary>
    /// <param name="Event">The event.</param>
    /// <param name="TimestampTicks">When it began.</param>
    /// <param name="IsFirst">Whether it is the event's first: then it has the marker.</param>
    internal readonly record struct Report(TelephoneEvent Event, uint TimestampTicks, bool IsFirst);
}
