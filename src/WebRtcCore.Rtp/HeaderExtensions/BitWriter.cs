namespace WebRtcCore.Rtp.HeaderExtensions;

/// <summary>The counterpart of <see cref="BitReader"/>.</summary>
internal ref struct BitWriter
{
    private readonly Span<byte> _bytes;
    private int _position;

    public BitWriter(Span<byte> bytes)
    {
        _bytes = bytes;
        bytes.Clear();
    }

    /// <summary>Whether more was written than there is room for.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Bytes written, the last perhaps in part.</summary>
    public readonly int Length => (_position + 7) >> 3;

    /// <summary>Writes a number of up to 32 bits.</summary>
    public void Write(uint value, int count)
    {
        if (HasFailed || count > (_bytes.Length * 8) - _position)
        {
            HasFailed = true;
            return;
        }

        for (var i = count - 1; i >= 0; i--, _position++)
        {
            _bytes[_position >> 3] |= (byte)(((value >> i) & 1) << (7 - (_position & 7)));
        }
    }

    /// <summary>Writes a bit.</summary>
    public void WriteFlag(bool value) => Write(value ? 1u : 0, 1);

    /// <summary>Writes a number below <paramref name="count"/> in the fewest bits (AV1 bitstream 4.10.7, ns(n)).</summary>
    public void WriteNonSymmetric(uint value, uint count)
    {
        if (count <= 1)
        {
            return;
        }

        var width = 32 - System.Numerics.BitOperations.LeadingZeroCount(count);
        var small = (1u << width) - count;
        if (value < small)
        {
            Write(value, width - 1);
        }
        else
        {
            Write(value + small, width);
        }
    }
}
