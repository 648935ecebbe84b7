namespace WebRtcCore.Media.Audio;

/// <summary>
/// Adds several voices up to one. Where the sum is too loud, a limiter turns it down before it would clip and brings it back up within some 0.2 s.
/// </summary>
/// <remarks>For each frame: <see cref="Add"/> every voice, then <see cref="Take"/> once. Not for several threads at once; nothing is allocated.</remarks>
public sealed class AudioMixer
{
    // Just below full scale, and the time to come back from silence to full gain.
    private const float Ceiling = 32_000;
    private const float ReleaseSeconds = 0.2f;

    private readonly int[] _sum;
    private readonly float _release;
    private float _gain = 1;

    /// <summary>Creates a mixer.</summary>
    /// <param name="format">The format of all voices and of the sum.</param>
    /// <param name="samplesPerChannel">The length of a frame.</param>
    /// <exception cref="ArgumentOutOfRangeException">The format is not valid or the length not positive.</exception>
    public AudioMixer(AudioFormat format, int samplesPerChannel)
    {
        format.ThrowIfNotValid(nameof(format));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samplesPerChannel);
        Format = format;
        _sum = new int[samplesPerChannel * format.Channels];
        _release = samplesPerChannel / (format.SampleRate * ReleaseSeconds);
    }

    /// <summary>The format of all voices and of the sum.</summary>
    public AudioFormat Format { get; }

    /// <summary>Adds a voice to the present frame.</summary>
    /// <param name="voice">One frame, or the beginning of one; borrowed.</param>
    /// <exception cref="ArgumentException">It is longer than a frame.</exception>
    public void Add(ReadOnlySpan<short> voice)
    {
        if (voice.Length > _sum.Length)
        {
            throw new ArgumentException($"A frame has {_sum.Length} samples, not {voice.Length}.", nameof(voice));
        }

        for (var i = 0; i < voice.Length; i++)
        {
            _sum[i] += voice[i];
        }
    }

    /// <summary>Takes the sum and begins the next frame.</summary>
    /// <param name="mixed">Room for a frame.</param>
    /// <exception cref="ArgumentException">It is shorter than a frame.</exception>
    public void Take(Span<short> mixed)
    {
        if (mixed.Length < _sum.Length)
        {
            throw new ArgumentException($"A frame has {_sum.Length} samples; there is room for {mixed.Length}.", nameof(mixed));
        }

        var peak = 0f;
        foreach (var sample in _sum)
        {
            peak = MathF.Max(peak, MathF.Abs(sample));
        }

        var allowed = peak > Ceiling ? Ceiling / peak : 1;
        var from = _gain;
        var to = MathF.Min(allowed, _gain + _release);
        if (allowed < from)
        {
            // The frame's loudest moment must not exceed the ceiling wherever in the ramp it lies: go down at once, within one millisecond.
            to = allowed;
        }

        Apply(mixed, from, to);
        _gain = to;
        Array.Clear(_sum);
    }

    private void Apply(Span<short> mixed, float from, float to)
    {
        var ramp = to < from ? Math.Min(_sum.Length, Format.SampleRate / 1000 * Format.Channels) : _sum.Length;
        for (var i = 0; i < _sum.Length; i++)
        {
            var gain = i < ramp ? from + ((to - from) * i / ramp) : to;
            mixed[i] = (short)Math.Clamp(_sum[i] * gain, short.MinValue, short.MaxValue);
        }
    }
}
