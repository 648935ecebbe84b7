namespace WebRtcCore.Rtp.HeaderExtensions;

/// <summary>Reads bits, the highest of each byte first. Once something did not fit, everything reads as 0 and <see cref="HasFailed"/> is set.</summary>
internal ref struct BitReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _position;

    /// <summary>Whether more was read than there is.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Reads a number of up to 32 bits.</summary>
    public uint Read(int count)
    {
        if (HasFailed || count > (_bytes.Length * 8) - _position)
        {
            HasFailed = true;
            return 0;
        }

        uint value = 0;
        for (var i = 0; i < count; i++, _position++)
        {
            value = (value << 1) | ((uint)(_bytes[_position >> 3] >> (7 - (_position & 7))) & 1);
        }

        return value;
    }

    /// <summary>Reads a bit.</summary>
    public bool ReadFlag() => Read(1) != 0;

    /// <summary>Reads a number below <paramref name="count"/> in the fewest bits (AV1 bitstream 4.10.7, ns(n)).</summary>
    public uint ReadNonSymmetric(uint count)
    {
        if (count <= 1)
        {
            return 0;
        }

        var width = 32 - System.Numerics.BitOperations.LeadingZeroCount(count);
        var small = (1u << width) - count;
        var value = Read(width - 1);
        return value < small ? value : (value << 1) - small + Read(1);
    }
}
