namespace SendMedia;

/// <summary>
/// Which layer a viewer gets, by what its network carries: down at once when the target falls below what the layer needs, up with some room to spare, and more
/// and more reluctantly where going up has proved wrong.
/// </summary>
internal sealed class LayerChoice(IReadOnlyList<VideoLayer> layers)
{
    // The encoder's rate varies; sound, headers and retransmissions are taken off the target already.
    private const double DownShare = 0.9;
    private const double UpShare = 1.15;

    private static readonly TimeSpan MinHold = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MaxHold = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Trial = TimeSpan.FromSeconds(10);

    private TimeSpan _hold = MinHold;
    private TimeSpan? _wentUp;
    private TimeSpan? _wentDown;

    /// <summary>The layer, from 0.</summary>
    public int Layer { get; private set; }

    /// <summary>Decides anew.</summary>
    /// <param name="targetBps">What congestion control allows; <see langword="null"/> if it does not know yet.</param>
    /// <param name="now">The time, from anywhere.</param>
    public int Choose(long? targetBps, TimeSpan now)
    {
        if (targetBps is not { } target)
        {
            return Layer;
        }

        if (Layer > 0 && target < DownShare * layers[Layer].BitrateBps)
        {
            if (_wentUp is { } up)
            {
                _hold = now - up < Trial ? TimeSpan.FromTicks(Math.Min(2 * _hold.Ticks, MaxHold.Ticks)) : MinHold;
            }

            (_wentDown, _wentUp) = (now, null);
            Layer = Highest(target, DownShare);
        }
        else if (Highest(target, UpShare) is var higher && higher > Layer && (_wentDown is null || now - _wentDown >= _hold))
        {
            _wentUp = now;
            Layer = higher;
        }

        return Layer;
    }

    private int Highest(long target, double share)
    {
        int best = 0;
        for (int i = 1; i < layers.Count; i++)
        {
            if (target >= share * layers[i].BitrateBps)
            {
                best = i;
            }
        }

        return best;
    }
}
