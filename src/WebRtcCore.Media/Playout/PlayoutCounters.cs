using WebRtcCore.Media.Audio;

namespace WebRtcCore.Media.Playout;

/// <summary>
/// Counts what webrtc-stats wants to know. What is made up while nothing arrives is counted once it is known whether the sender was silent or packets were
/// missing; the next packet tells.
/// </summary>
internal sealed class PlayoutCounters(AudioFormat format)
{
    // The sum of delays over samples outgrows a TimeSpan within months if it is kept in one: 48,000 samples a second with 100 ms each.
    private readonly AudioLevelMeter _meter = new();
    private double _delaySeconds;
    private double _targetSeconds;
    private double _minimumSeconds;
    private long _emitted;
    private long _played;
    private long _concealed;
    private long _silent;
    private long _events;
    private long _pending;
    private long _pendingSilent;
    private bool _isLoss;
    private bool _isEventCounted;
    private bool _hasMadeUp;
    private bool _hasDecoded;

    public long PacketsLate { get; set; }

    public long PacketsDiscarded { get; set; }

    public long PacketsRecovered { get; set; }

    public long InsertedSamples { get; set; }

    public long RemovedSamples { get; set; }

    public void BeginFrame() => _hasMadeUp = _hasDecoded = false;

    /// <summary>10 ms were played.</summary>
    public PlayoutFrameKind EndFrame(ReadOnlySpan<short> pcm, bool isSilent)
    {
        _played += pcm.Length / format.Channels;
        _meter.Add(pcm, format);
        return isSilent && !_hasDecoded ? PlayoutFrameKind.Silence : _hasMadeUp ? PlayoutFrameKind.Concealed : PlayoutFrameKind.Normal;
    }

    public void OnDecoded(int samples, TimeSpan waited, TimeSpan target, TimeSpan minimum)
    {
        _hasDecoded = true;
        _emitted += samples;
        _delaySeconds += waited.TotalSeconds * samples;
        _targetSeconds += target.TotalSeconds * samples;
        _minimumSeconds += minimum.TotalSeconds * samples;
    }

    public void OnConcealed(int samples, bool isSilent)
    {
        _hasMadeUp = true;
        _pending += samples;
        _pendingSilent += isSilent ? samples : 0;
    }

    /// <summary>What was made up stands for a packet that is missing.</summary>
    public void OnLoss()
    {
        _isLoss = true;
        Commit();
    }

    /// <summary>A packet is played again.</summary>
    public void OnResume(bool isSilence)
    {
        if (!isSilence || _isLoss)
        {
            Commit();
        }

        _pending = _pendingSilent = 0;
        _isLoss = false;
        _isEventCounted = false;
    }

    public PlayoutStats ToStats() => new()
    {
        TotalSamplesReceived = _played,
        ConcealedSamples = _concealed,
        SilentConcealedSamples = _silent,
        ConcealmentEvents = _events,
        InsertedSamplesForDeceleration = InsertedSamples,
        RemovedSamplesForAcceleration = RemovedSamples,
        JitterBufferDelay = TimeSpan.FromSeconds(_delaySeconds),
        JitterBufferTargetDelay = TimeSpan.FromSeconds(_targetSeconds),
        JitterBufferMinimumDelay = TimeSpan.FromSeconds(_minimumSeconds),
        JitterBufferEmittedCount = _emitted,
        AudioLevel = _meter.Level,
        TotalAudioEnergy = _meter.TotalEnergy,
        TotalSamplesDuration = _meter.TotalDuration,
        PacketsLate = PacketsLate,
        PacketsDiscarded = PacketsDiscarded,
        PacketsRecovered = PacketsRecovered,
    };

    private void Commit()
    {
        if (_pending > 0 && !_isEventCounted)
        {
            _events++;
            _isEventCounted = true;
        }

        _concealed += _pending;
        _silent += _pendingSilent;
        _pending = _pendingSilent = 0;
    }
}
