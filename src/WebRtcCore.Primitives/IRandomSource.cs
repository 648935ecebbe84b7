namespace WebRtcCore.Primitives;

/// <summary>Where a core's randomness comes from: the operating system in production, a seed in tests.</summary>
public interface IRandomSource
{
    /// <summary>Fills <paramref name="destination"/> with random bytes, fit for keys in production.</summary>
    void Fill(Span<byte> destination);
}
