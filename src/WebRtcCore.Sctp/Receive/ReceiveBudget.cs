namespace WebRtcCore.Sctp.Receive;

/// <summary>
/// The receive buffer as a number: what waits for missing fragments, for its turn, or for the application. Each message also costs
/// <see cref="MessageOverhead"/>, so that a flood of tiny ones is no way around the bound.
/// </summary>
internal sealed class ReceiveBudget
{
    /// <summary>What a message costs besides its bytes.</summary>
    public const int MessageOverhead = 64;

    private readonly int _limit;
    private long _used;
    private long _announced;

    /// <summary>Creates an empty buffer of <paramref name="limit"/> bytes.</summary>
    public ReceiveBudget(int limit)
    {
        _limit = limit;
        _announced = limit;
    }

    /// <summary>The free bytes: what a_rwnd says.</summary>
    public uint Window => (uint)Math.Max(0, _limit - _used);

    /// <summary>Whether a peer that was told of a small window should hear that it has opened (RFC 9260, 6.2: avoiding silly windows).</summary>
    public bool ShouldAnnounce => _announced < _limit / 4 && Window >= _limit / 2;

    /// <summary>Takes up space.</summary>
    public void Use(long bytes) => _used += bytes;

    /// <summary>Gives space back.</summary>
    public void Free(long bytes) => _used = Math.Max(0, _used - bytes);

    /// <summary>Whether there is room for as much.</summary>
    public bool HasRoom(int bytes) => bytes <= _limit - _used;

    /// <summary>The window to announce; it is remembered.</summary>
    public uint Announce()
    {
        _announced = Window;
        return Window;
    }
}
