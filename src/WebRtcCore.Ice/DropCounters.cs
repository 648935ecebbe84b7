namespace WebRtcCore.Ice;

/// <summary>How much input was dropped, by reason.</summary>
internal sealed class DropCounters
{
    private readonly long[] _counts = new long[Enum.GetValues<IceDropReason>().Length];

    public long this[IceDropReason reason] => _counts[(int)reason];

    public void Add(IceDropReason reason) => _counts[(int)reason]++;
}
