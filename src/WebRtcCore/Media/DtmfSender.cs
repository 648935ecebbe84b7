using System.Buffers;
using WebRtcCore.Primitives;
using WebRtcCore.Rtp.Payloads;

namespace WebRtcCore;

/// <summary>
/// W3C <c>RTCDTMFSender</c>: presses keys of a telephone for the peer, as telephone events (RFC 4733). While a tone sounds, PCM that is written to the track is not sent.
/// Safe to use from any thread.
/// </summary>
public sealed class DtmfSender
{
    private static readonly SearchValues<char> Allowed = SearchValues.Create("0123456789ABCD#*,");

    private static readonly TimeSpan DefaultDuration = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan DefaultGap = TimeSpan.FromMilliseconds(70);
    private static readonly TimeSpan MinDuration = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan MinGap = TimeSpan.FromMilliseconds(30);
    private static readonly TimeSpan Max = TimeSpan.FromSeconds(6);

    private readonly RtpSender _sender;
    private readonly Func<MediaEnvironment> _environment;
    private readonly Lock _gate = new();
    private readonly DtmfPlayout _playout = new();
    private ITimer? _timer;

    internal DtmfSender(RtpSender sender, Func<MediaEnvironment> environment)
    {
        _sender = sender;
        _environment = environment;
    }

    /// <summary>A tone begins, or all have been played; raised like the events of the connection.</summary>
    public event EventHandler<DtmfToneChangeEventArgs>? ToneChange;

    /// <summary>Whether telephone events are negotiated and may be sent now.</summary>
    public bool CanInsertDtmf => _sender is { IsSending: true, Transceiver: { IsStopped: false, CurrentDirection: RtpTransceiverDirection.SendRecv or RtpTransceiverDirection.SendOnly } } && FindCodec() is not null;

    /// <summary>The tones that are still to be played.</summary>
    public string ToneBuffer
    {
        get
        {
            lock (_gate)
            {
                return _playout.ToneBuffer;
            }
        }
    }

    internal bool IsSounding
    {
        get
        {
            lock (_gate)
            {
                return _playout.IsSounding;
            }
        }
    }

    /// <summary>Plays tones of 100 ms with gaps of 70 ms, in place of those still to be played.</summary>
    /// <param name="tones">Of <c>0</c> to <c>9</c>, <c>A</c> to <c>D</c>, <c>#</c>, <c>*</c>, and <c>,</c> for a pause of 2 s; empty to play no more.</param>
    /// <exception cref="RtcException">InvalidStateError: it cannot be sent now. InvalidCharacterError: there is no such tone.</exception>
    public void InsertDtmf(string tones) => InsertDtmf(tones, DefaultDuration, DefaultGap);

    /// <summary>Plays tones, in place of those still to be played.</summary>
    /// <param name="tones">Of <c>0</c> to <c>9</c>, <c>A</c> to <c>D</c>, <c>#</c>, <c>*</c>, and <c>,</c> for a pause of 2 s; empty to play no more.</param>
    /// <param name="duration">How long each sounds: 40 ms to 6 s, into which other values are brought.</param>
    /// <param name="interToneGap">The silence after each: 30 ms to 6 s, into which other values are brought.</param>
    /// <exception cref="RtcException">InvalidStateError: it cannot be sent now. InvalidCharacterError: there is no such tone.</exception>
    public void InsertDtmf(string tones, TimeSpan duration, TimeSpan interToneGap)
    {
        ArgumentNullException.ThrowIfNull(tones);
        if (!CanInsertDtmf)
        {
            throw RtcException.InvalidState("Telephone events cannot be sent: not negotiated, or the sender does not send.");
        }

        tones = tones.ToUpperInvariant();
        if (tones.AsSpan().ContainsAnyExcept(Allowed))
        {
            throw new RtcException(RtcErrorNames.InvalidCharacterError, "Tones are 0 to 9, A to D, #, * and a comma.");
        }

        lock (_gate)
        {
            _playout.Insert(tones, Clamp(duration, MinDuration), Clamp(interToneGap, MinGap), _environment().Clock.Now);
            if (!_playout.IsIdle)
            {
                _timer ??= _environment().Options.TimeProvider.CreateTimer(_ => Advance(), null, TimeSpan.Zero, DtmfPlayout.Interval);
            }
        }
    }

    /// <summary>Plays no more.</summary>
    internal void Stop()
    {
        lock (_gate)
        {
            _timer?.Dispose();
            _timer = null;
        }
    }

    private static TimeSpan Clamp(TimeSpan value, TimeSpan least) => value < least ? least : value > Max ? Max : value;

    private void Advance()
    {
        lock (_gate)
        {
            if (_timer is null)
            {
                return;
            }

            var now = _environment().Clock.Now;
            if (FindCodec() is { } codec)
            {
                _playout.Advance(codec.ClockRate, _sender.GetTimestamp(codec.ClockRate, now), now);
                Send(codec);
            }

            while (_playout.TryTakeChange(out var tone))
            {
                var change = new DtmfToneChangeEventArgs(tone!);
                _environment().Dispatch(() => ToneChange?.Invoke(this, change));
            }

            if (_playout.IsIdle || FindCodec() is null)
            {
                Stop();
            }
        }
    }

    private void Send(RtpCodecParameters codec)
    {
        while (_playout.TryTakeReport(out var report))
        {
            var payload = new byte[TelephoneEvent.EncodedLength];
            var writer = new SpanWriter(payload);
            report.Event.Write(ref writer);
            _sender.SendUntransformed(new EncodedFrame(payload, report.TimestampTicks) { PayloadType = codec.PayloadType, BeginsTalkSpurt = report.IsFirst });
        }
    }

    // RFC 4733 2.1: events share the stream's timestamps, so their clock must be that of the audio.
    private RtpCodecParameters? FindCodec()
    {
        var codecs = _sender.Codecs;
        var audio = codecs.FirstOrDefault(codec => !codec.IsResiliencyMechanism);
        return codecs.FirstOrDefault(codec => IsTelephoneEvent(codec) && codec.ClockRate == audio?.ClockRate) ?? codecs.FirstOrDefault(IsTelephoneEvent);
    }

    internal static bool IsTelephoneEvent(RtpCodecParameters codec) => codec.MimeType.Equals("audio/telephone-event", StringComparison.OrdinalIgnoreCase);
}
