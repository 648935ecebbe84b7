namespace WebRtcCore.Media.Audio;

/// <summary>Brings PCM of one format into another: channels first where they become fewer, then the rate.</summary>
/// <remarks>After the first call nothing is allocated.</remarks>
public sealed class AudioConverter
{
    private readonly AudioResampler? _resampler;
    private readonly int _middleChannels;
    private short[] _mixed = [];
    private short[] _resampled = [];

    /// <summary>Creates a converter.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A format is not valid.</exception>
    public AudioConverter(AudioFormat source, AudioFormat destination)
    {
        source.ThrowIfNotValid(nameof(source));
        destination.ThrowIfNotValid(nameof(destination));
        Source = source;
        Destination = destination;
        _middleChannels = Math.Min(source.Channels, destination.Channels);
        _resampler = source.SampleRate == destination.SampleRate ? null : new AudioResampler(source.SampleRate, destination.SampleRate, _middleChannels);
    }

    /// <summary>The format of what comes.</summary>
    public AudioFormat Source { get; }

    /// <summary>The format of what goes.</summary>
    public AudioFormat Destination { get; }

    /// <summary>The most samples per channel that come out for so many in.</summary>
    public int GetMaxOutput(int samplesPerChannel) => _resampler?.GetMaxOutput(samplesPerChannel) ?? samplesPerChannel;

    /// <summary>Converts samples.</summary>
    /// <param name="source">Samples, channels side by side; borrowed.</param>
    /// <param name="destination">Room for <see cref="GetMaxOutput"/> samples of each channel.</param>
    /// <returns>Samples per channel written.</returns>
    public int Convert(ReadOnlySpan<short> source, Span<short> destination)
    {
        var samples = source.Length / Source.Channels;
        if (Source.Channels > _middleChannels)
        {
            Grow(ref _mixed, samples);
            ToMono(source, _mixed);
            source = _mixed.AsSpan(0, samples);
        }

        if (Destination.Channels == _middleChannels)
        {
            if (_resampler is not null)
            {
                return _resampler.Resample(source, destination);
            }

            source.CopyTo(destination);
            return samples;
        }

        if (_resampler is not null)
        {
            Grow(ref _resampled, _resampler.GetMaxOutput(samples));
            samples = _resampler.Resample(source, _resampled);
            source = _resampled.AsSpan(0, samples);
        }

        ToStereo(source, destination);
        return samples;
    }

    private static void Grow(ref short[] buffer, int length)
    {
        if (buffer.Length < length)
        {
            buffer = new short[length];
        }
    }

    private static void ToMono(ReadOnlySpan<short> stereo, Span<short> mono)
    {
        for (var i = 0; i < stereo.Length / 2; i++)
        {
            mono[i] = (short)((stereo[2 * i] + stereo[(2 * i) + 1]) / 2);
        }
    }

    private static void ToStereo(ReadOnlySpan<short> mono, Span<short> stereo)
    {
        for (var i = 0; i < mono.Length; i++)
        {
            stereo[2 * i] = stereo[(2 * i) + 1] = mono[i];
        }
    }
}
