namespace WebRtcCore.Media.Playout;

/// <summary>
/// Decoded sound that waits to be played, and behind it what was played last: concealment continues from it. Counts are in samples of all channels.
/// </summary>
internal sealed class SampleQueue
{
    private readonly int _historyLength;
    private readonly short[] _samples;
    private int _start;
    private int _end;

    public SampleQueue(int historyLength, int capacity)
    {
        _historyLength = historyLength;
        _samples = new short[historyLength + capacity];
        _start = _end = historyLength;
    }

    public int Count => _end - _start;

    /// <summary>What waits, oldest first. Valid until the next call of a method.</summary>
    public Span<short> Waiting => _samples.AsSpan(_start, Count);

    /// <summary>The newest samples, played or not. Valid until the next call of a method.</summary>
    public ReadOnlySpan<short> Tail => _samples.AsSpan(_end - _historyLength, _historyLength);

    /// <summary>What was played last, and the oldest of what waits. Valid until the next call of a method.</summary>
    public ReadOnlySpan<short> GetAround(int played, int waiting) => _samples.AsSpan(_start - played, played + waiting);

    /// <summary>Room behind the newest sample, to be kept by <see cref="Append(int)"/>. There is always as much as the capacity less what waits.</summary>
    public Span<short> GetRoom(int length)
    {
        if (_end + length > _samples.Length)
        {
            var keepFrom = _start - _historyLength;
            _samples.AsSpan(keepFrom, _end - keepFrom).CopyTo(_samples);
            _start -= keepFrom;
            _end -= keepFrom;
        }

        return _samples.AsSpan(_end, length);
    }

    /// <summary>Keeps what was written to <see cref="GetRoom"/>.</summary>
    public void Append(int length) => _end += length;

    public void Append(ReadOnlySpan<short> samples)
    {
        samples.CopyTo(GetRoom(samples.Length));
        Append(samples.Length);
    }

    /// <summary>Takes the oldest; there must be as many.</summary>
    public void Take(Span<short> destination)
    {
        _samples.AsSpan(_start, destination.Length).CopyTo(destination);
        _start += destination.Length;
    }

    /// <summary>Takes samples out of what waits.</summary>
    public void Remove(int offset, int length)
    {
        var from = _start + offset + length;
        _samples.AsSpan(from, _end - from).CopyTo(_samples.AsSpan(_start + offset));
        _end -= length;
    }

    /// <summary>Makes room within what waits and gives it.</summary>
    public Span<short> Insert(int offset, int length)
    {
        GetRoom(length);
        var from = _start + offset;
        _samples.AsSpan(from, _end - from).CopyTo(_samples.AsSpan(from + length));
        _end += length;
        return _samples.AsSpan(from, length);
    }

    public void Clear()
    {
        Array.Clear(_samples);
        _start = _end = _historyLength;
    }
}
