using System.Buffers.Binary;
using WebRtcCore.Primitives;

namespace WebRtcCore.Testing;

/// <summary>A repeatable random source (SplitMix64): the same seed gives the same bytes on every machine and runtime. Not for keys.</summary>
public sealed class SeededRandomSource : IRandomSource
{
    private ulong _state;

    /// <summary>Starts the sequence that belongs to <paramref name="seed"/>.</summary>
    public SeededRandomSource(int seed)
    {
        // Mixed once: the state advances by a constant, so neighbouring seeds must not start a multiple of it apart.
        _state = (ulong)seed;
        _state = Next();
    }

    /// <inheritdoc/>
    public void Fill(Span<byte> destination)
    {
        while (destination.Length >= sizeof(ulong))
        {
            BinaryPrimitives.WriteUInt64LittleEndian(destination, Next());
            destination = destination[sizeof(ulong)..];
        }

        if (destination.Length > 0)
        {
            Span<byte> last = stackalloc byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64LittleEndian(last, Next());
            last[..destination.Length].CopyTo(destination);
        }
    }

    /// <summary>A number in [0, <paramref name="exclusiveMaximum"/>).</summary>
    public int Next(int exclusiveMaximum)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(exclusiveMaximum);
        return (int)(Next() % (ulong)exclusiveMaximum);
    }

    /// <summary>Whether an event of the given probability, 0 to 1, happens. Draws nothing for 0.</summary>
    public bool Chance(double probability) => probability > 0 && (Next() >> 11) * (1.0 / (1UL << 53)) < probability;

    /// <summary>An independent source whose sequence depends on this one's seed and position.</summary>
    public SeededRandomSource Fork() => new((int)(Next() >> 33));

    private ulong Next()
    {
        var z = _state += 0x9E37_79B9_7F4A_7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EBUL;
        return z ^ (z >> 31);
    }
}
