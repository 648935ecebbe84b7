namespace WebRtcCore.Testing;

/// <summary>What a test wants done with one datagram, before the link's own conditions apply.</summary>
/// <param name="IsDropped">It vanishes.</param>
/// <param name="ExtraDelay">It is held back this long; later datagrams overtake it.</param>
/// <param name="ExtraCopies">It is sent this many times more.</param>
public readonly record struct DatagramFate(bool IsDropped = false, TimeSpan ExtraDelay = default, int ExtraCopies = 0)
{
    /// <summary>Nothing special.</summary>
    public static DatagramFate Pass => default;

    /// <summary>It vanishes.</summary>
    public static DatagramFate Drop => new(IsDropped: true);

    /// <summary>It is held back.</summary>
    public static DatagramFate Delay(TimeSpan delay) => new(ExtraDelay: delay);

    /// <summary>It is sent twice.</summary>
    public static DatagramFate Duplicate => new(ExtraCopies: 1);
}
