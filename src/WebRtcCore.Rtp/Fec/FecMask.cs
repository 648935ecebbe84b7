using System.Numerics;

namespace WebRtcCore.Rtp.Fec;

/// <summary>Which packets a repair packet protects, by their distance from its base sequence number: up to 109 (the flexible mask of FlexFEC-03).</summary>
/// <param name="Bits">Bit n stands for the packet n after the base.</param>
internal readonly record struct FecMask(UInt128 Bits)
{
    /// <summary>The most packets that a mask reaches over.</summary>
    public const int MaxLength = 109;

    /// <summary>How many packets are protected.</summary>
    public int Count => BitOperations.PopCount((ulong)Bits) + BitOperations.PopCount((ulong)(Bits >> 64));

    /// <summary>The distance of the last packet plus one; 0 for an empty mask.</summary>
    public int Length => 128 - (int)UInt128.LeadingZeroCount(Bits);

    /// <summary>Whether the packet at a distance is protected.</summary>
    public bool Contains(int distance) => ((Bits >> distance) & 1) != 0;

    /// <summary>The mask with one more packet.</summary>
    public FecMask With(int distance) => new(Bits | (UInt128.One << distance));

    /// <summary>Takes over <paramref name="count"/> bits as they are on the wire, the first packet's in front.</summary>
    public static FecMask FromWire(ulong wire, int count, int firstDistance, FecMask more)
    {
        var bits = more.Bits;
        for (var i = 0; i < count; i++)
        {
            if (((wire >> (count - 1 - i)) & 1) != 0)
            {
                bits |= UInt128.One << (firstDistance + i);
            }
        }

        return new FecMask(bits);
    }

    /// <summary>Gives <paramref name="count"/> bits as they are on the wire, from a distance on.</summary>
    public ulong ToWire(int firstDistance, int count)
    {
        ulong wire = 0;
        for (var i = 0; i < count; i++)
        {
            wire |= Contains(firstDistance + i) ? 1UL << (count - 1 - i) : 0;
        }

        return wire;
    }
}
