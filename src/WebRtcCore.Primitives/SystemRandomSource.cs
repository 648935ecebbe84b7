using System.Security.Cryptography;

namespace WebRtcCore.Primitives;

/// <summary>The operating system's cryptographic random numbers. Thread-safe.</summary>
public sealed class SystemRandomSource : IRandomSource
{
    private SystemRandomSource()
    {
    }

    /// <summary>The one instance.</summary>
    public static SystemRandomSource Instance { get; } = new();

    /// <inheritdoc/>
#pragma warning disable RS0030 // The one place where randomness enters; cores are handed it as an IRandomSource.
    public void Fill(Span<byte> destination) => RandomNumberGenerator.Fill(destination);
#pragma warning restore RS0030
}
