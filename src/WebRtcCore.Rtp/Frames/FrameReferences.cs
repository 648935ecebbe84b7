namespace WebRtcCore.Rtp.Frames;

/// <summary>A few distances to earlier frames, by their numbers.</summary>
internal struct FrameReferences
{
    /// <summary>The most references kept; a frame with more is taken for one with unknown ones.</summary>
    public const int Capacity = 8;

    private Distances _distances;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>One of the distances, 1 or more.</summary>
    public readonly int this[int index] => _distances[index];

    /// <summary>Adds a distance, once.</summary>
    /// <returns><see langword="false"/> if there is no room.</returns>
    public bool TryAdd(int distance)
    {
        for (var i = 0; i < Count; i++)
        {
            if (_distances[i] == distance)
            {
                return true;
            }
        }

        if (Count == Capacity)
        {
            return false;
        }

        _distances[Count++] = distance;
        return true;
    }

    [System.Runtime.CompilerServices.InlineArray(Capacity)]
    private struct Distances
    {
        private int _first;
    }
}
