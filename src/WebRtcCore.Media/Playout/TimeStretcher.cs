namespace WebRtcCore.Media.Playout;

/// <summary>
/// Plays faster or slower without changing the pitch: leaves out or repeats one period of what waits, and fades from one side of the cut to the other (WSOLA).
/// </summary>
internal sealed class TimeStretcher(AudioFormat format, PitchSearch pitch)
{
    // Below this mean square (some -50 dBov) there is nothing to be heard that a cut could disturb.
    private const double QuietPower = 100 * 100;

    /// <summary>What must wait to leave something out: samples of all channels.</summary>
    public int NeededToAccelerate => pitch.WindowLength * format.Channels;

    /// <summary>What must wait to repeat something: samples of all channels. What was played last counts too, so half is enough.</summary>
    public int NeededToDecelerate => pitch.WindowLength / 2 * format.Channels;

    /// <summary>Leaves out one period at the beginning of what waits.</summary>
    /// <param name="queue">With at least <see cref="NeededToAccelerate"/> samples.</param>
    /// <param name="minCorrelation">How well the sound must repeat itself for it, up to 1.</param>
    /// <returns>Samples per channel taken out; 0 if it does not fit.</returns>
    public int Accelerate(SampleQueue queue, double minCorrelation)
    {
        if (!TryFindLag(queue.Waiting[..NeededToAccelerate], fromEnd: false, minCorrelation, out var lag))
        {
            return 0;
        }

        var length = lag * format.Channels;
        var samples = queue.Waiting;
        CrossFade(samples[..length], samples.Slice(length, length), samples.Slice(length, length));
        queue.Remove(0, length);
        return lag;
    }

    /// <summary>Repeats the period that was played last.</summary>
    /// <param name="queue">With at least <see cref="NeededToDecelerate"/> samples.</param>
    /// <param name="minCorrelation">How well the sound must repeat itself for it, up to 1.</param>
    /// <returns>Samples per channel added; 0 if it does not fit.</returns>
    public int Decelerate(SampleQueue queue, double minCorrelation)
    {
        if (!TryFindLag(queue.GetAround(NeededToDecelerate, NeededToDecelerate), fromEnd: true, minCorrelation, out var lag))
        {
            return 0;
        }

        // It goes on as it would have, and leads back to what was played a period ago.
        var length = lag * format.Channels;
        var added = queue.Insert(0, length);
        CrossFade(queue.Waiting.Slice(length, length), queue.GetAround(length, 0), added);
        return lag;
    }

    /// <summary>Fades from one sound to another; <paramref name="result"/> may be either of them.</summary>
    private void CrossFade(ReadOnlySpan<short> from, ReadOnlySpan<short> to, Span<short> result)
    {
        var moments = from.Length / format.Channels;
        for (var i = 0; i < from.Length; i++)
        {
            var weight = (i / format.Channels) + 1;
            result[i] = (short)(((from[i] * (moments + 1 - weight)) + (to[i] * weight)) / (moments + 1));
        }
    }

    private bool TryFindLag(ReadOnlySpan<short> window, bool fromEnd, double minCorrelation, out int lag)
    {
        (lag, var correlation, var power) = pitch.Find(window, fromEnd);
        return correlation >= minCorrelation || power < QuietPower;
    }
}
