using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using WebRtcCore.Diagnostics;
using WebRtcCore.Media;
using WebRtcCore.Media.Playout;
using WebRtcCore.Primitives;
using WebRtcCore.Rtp;

namespace WebRtcCore;

/// <summary>The decoded sound of one receiver, for one reader at a time: pulled at the reader's pace, or given every 10 ms.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Whoever opens the sound disposes of it; here it is only known.")]
internal sealed class AudioReceiving(RtpReceiver receiver, Func<MediaEnvironment> environment)
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(10);

    // A reader that is later than this has lost what it did not take.
    private const int MaxFramesAtOnce = 20;

    private readonly Lock _gate = new();
    private volatile AudioPlayout? _open;
    private volatile bool _isEnded;
    private Handling? _handling;

    /// <summary>The present reader; <see langword="null"/> if there is none.</summary>
    public AudioPlayout? Current => _open;

    /// <summary>Opens the sound for a reader.</summary>
    /// <exception cref="InvalidOperationException">Someone else is reading.</exception>
    public AudioPlayout Open(AudioFormat format)
    {
        lock (_gate)
        {
            if (_open is not null)
            {
                throw new InvalidOperationException("Someone else is reading this receiver's sound.");
            }

            return _open = new AudioPlayout(receiver, environment(), format);
        }
    }

    /// <summary>The reader has ended.</summary>
    public void Release(AudioPlayout playout)
    {
        lock (_gate)
        {
            if (_open == playout)
            {
                _open = null;
            }
        }
    }

    /// <summary>Takes a packet in; on the loop.</summary>
    public void OnPacket(in RtpReceived received) => _open?.OnPacket(received);

    /// <summary>No more packets will come.</summary>
    public void End() => _isEnded = true;

    /// <summary>See <see cref="RtpReceiver.ReadAudioAsync"/>.</summary>
    public async IAsyncEnumerable<AudioFrame> ReadAllAsync(AudioFormat format, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var playout = Open(format);
        using var timer = new PeriodicTimer(Period, environment().Options.TimeProvider);
        var pace = new Pace(environment().Clock.Now);
        while (!_isEnded && await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
        {
            for (var due = pace.GetDue(environment().Clock.Now, playout); due > 0 && !_isEnded; due--)
            {
                var samples = new short[playout.FrameLength];
                var kind = playout.ReadNext(samples);
                yield return new AudioFrame(samples, format) { IsSilence = kind == PlayoutFrameKind.Silence, IsConcealed = kind == PlayoutFrameKind.Concealed };
            }
        }
    }

    /// <summary>See <see cref="RtpReceiver.SetAudioHandler"/>.</summary>
    public void SetHandler(AudioFormat format, AudioFrameHandler? handler)
    {
        lock (_gate)
        {
            if (_handling is { } handling)
            {
                handling.IsStopped = true;
                _handling = null;
                _open = null;
            }

            if (handler is not null)
            {
                var playout = Open(format);
                _handling = new Handling();
                _ = HandleAsync(playout, handler, _handling);
            }
        }
    }

    private async Task HandleAsync(AudioPlayout playout, AudioFrameHandler handler, Handling handling)
    {
        using (playout)
        using (var timer = new PeriodicTimer(Period, environment().Options.TimeProvider))
        {
            var samples = new short[playout.FrameLength];
            var pace = new Pace(environment().Clock.Now);
            while (!_isEnded && !handling.IsStopped && await timer.WaitForNextTickAsync(CancellationToken.None).ConfigureAwait(false))
            {
                for (var due = pace.GetDue(environment().Clock.Now, playout); due > 0 && !handling.IsStopped; due--)
                {
                    playout.ReadNext(samples);
                    Call(handler, samples, playout.Format);
                }
            }
        }
    }

    private void Call(AudioFrameHandler handler, ReadOnlySpan<short> samples, AudioFormat format)
    {
        try
        {
            handler(receiver, samples, format);
        }
        catch (Exception exception)
        {
            Log.HandlerFailed(environment().Logger, exception);
        }
    }

    /// <summary>The life of one handler.</summary>
    private sealed class Handling
    {
        private volatile bool _isStopped;

        public bool IsStopped
        {
            get => _isStopped;
            set => _isStopped = value;
        }
    }

    /// <summary>How many frames are due by the clock; timers are late, and may be very late.</summary>
    private sealed class Pace(Instant start)
    {
        private Instant _next = start + Period;

        public int GetDue(Instant now, AudioPlayout playout)
        {
            if (_next > now)
            {
                return 0;
            }

            var due = 1 + ((now - _next).Ticks / Period.Ticks);
            _next += due * Period;
            if (due > MaxFramesAtOnce)
            {
                playout.OnMissed((due - MaxFramesAtOnce) * Period);
            }

            return (int)Math.Min(due, MaxFramesAtOnce);
        }
    }
}
