namespace WebRtcCore.Media.Playout;

/// <summary>
/// Makes up sound for codecs that cannot do so themselves: repeats the last period of what was heard, steadily for a moment, then fading to silence. What comes
/// again afterwards is faded in over it.
/// </summary>
internal sealed class LossConcealer
{
    private readonly AudioFormat _format;
    private readonly PitchSearch _pitch;
    private readonly short[] _period;
    private readonly int[] _offset;
    private readonly int _steady;
    private readonly int _fade;
    private readonly int _overlap;
    private int _lag;
    private long _position;

    public LossConcealer(AudioFormat format, PitchSearch pitch)
    {
        _format = format;
        _pitch = pitch;
        _period = new short[format.SampleRate * 15 / 1000 * format.Channels];
        _offset = new int[format.Channels];

        // ITU-T G.711 Appendix I fades by 20 % every 10 ms after the first 10 ms; a little slower sounds better with bursts.
        _steady = format.SampleRate / 100;
        _fade = format.SampleRate / 10;
        _overlap = format.SampleRate / 200;
    }

    /// <summary>Whether it is making up sound now.</summary>
    public bool IsActive { get; private set; }

    /// <summary>Whether what it makes up has faded to silence.</summary>
    public bool IsSilent => _position >= _steady + _fade;

    /// <summary>Begins to continue what was heard.</summary>
    /// <param name="tail">What was heard last: at least as much as a pitch search looks at, borrowed.</param>
    public void Start(ReadOnlySpan<short> tail)
    {
        var channels = _format.Channels;
        var window = tail[^(_pitch.WindowLength * channels)..];
        (_lag, _, _) = _pitch.Find(window, fromEnd: true);
        var length = _lag * channels;
        window[^length..].CopyTo(_period);

        // The end of the period leads over to its beginning: it fades to what was before the beginning.
        var quarter = _lag / 4;
        for (var i = 0; i < quarter * channels; i++)
        {
            var weight = (i / channels) + 1;
            int own = _period[length - (quarter * channels) + i];
            int before = window[window.Length - length - (quarter * channels) + i];
            _period[length - (quarter * channels) + i] = (short)(((own * (quarter + 1 - weight)) + (before * weight)) / (quarter + 1));
        }

        // Where the sound does not repeat itself exactly, the first step would be a click.
        for (var channel = 0; channel < channels; channel++)
        {
            _offset[channel] = window[window.Length - channels + channel] - window[window.Length - length - channels + channel];
        }

        _position = 0;
        IsActive = true;
    }

    /// <summary>Makes up the next samples.</summary>
    public void Fill(Span<short> samples)
    {
        var channels = _format.Channels;
        for (var i = 0; i < samples.Length; i += channels, _position++)
        {
            var at = (int)(_position % _lag) * channels;
            for (var channel = 0; channel < channels; channel++)
            {
                var value = _period[at + channel] + GetOffset(channel);
                samples[i + channel] = (short)(Math.Clamp(value, short.MinValue, short.MaxValue) * GetGain());
            }
        }
    }

    /// <summary>Ends, and fades what comes now in over what would have been made up.</summary>
    /// <param name="samples">What comes; its beginning is changed.</param>
    /// <param name="scratch">As long as 5 ms.</param>
    public void Finish(Span<short> samples, Span<short> scratch)
    {
        IsActive = false;
        var channels = _format.Channels;
        var moments = Math.Min(_overlap, samples.Length / channels);
        var continued = scratch[..(moments * channels)];
        Fill(continued);
        for (var i = 0; i < continued.Length; i++)
        {
            var weight = (i / channels) + 1;
            samples[i] = (short)(((continued[i] * (moments + 1 - weight)) + (samples[i] * weight)) / (moments + 1));
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Reset() => IsActive = false;

    private float GetGain() => _position < _steady ? 1 : Math.Max(0, 1 - ((_position - _steady) / (float)_fade));

    private int GetOffset(int channel) => _position < _overlap ? (int)(_offset[channel] * (_overlap - _position) / _overlap) : 0;
}
