namespace WebRtcCore.Media.KeyFrames;

/// <summary>
/// Reads bits, the most significant first. Reading past the end gives zeros and is remembered: whoever parses a long header asks once, at its end,
/// whether <see cref="IsOverrun"/>.
/// </summary>
internal ref struct BitReader(ReadOnlySpan<byte> bytes)
{
    // Exp-Golomb codes of 32 bits and more say nothing that a picture can have.
    private const int MaxGolombZeros = 31;
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _position;

    /// <summary>Whether more was read than is there, or a code was malformed.</summary>
    public bool IsOverrun { get; private set; }

    public bool ReadFlag() => ReadBits(1) != 0;

    public void Skip(int bits)
    {
        _position += bits;
        IsOverrun |= _position > _bytes.Length * 8;
    }

    /// <summary>Reads up to 32 bits.</summary>
    public uint ReadBits(int count)
    {
        uint value = 0;
        for (var i = 0; i < count; i++, _position++)
        {
            value <<= 1;
            if (_position >> 3 < _bytes.Length)
            {
                value |= (uint)(_bytes[_position >> 3] >> (7 - (_position & 7))) & 1;
            }
            else
            {
                IsOverrun = true;
            }
        }

        return value;
    }

    /// <summary>Unsigned Exp-Golomb (ITU-T H.264, 9.1); AV1's uvlc is the same.</summary>
    public uint ReadUnsignedGolomb()
    {
        var zeros = 0;
        while (!IsOverrun && !ReadFlag())
        {
            zeros++;
        }

        if (zeros > MaxGolombZeros)
        {
            IsOverrun = true;
            return 0;
        }

        return (1u << zeros) - 1 + ReadBits(zeros);
    }

    /// <summary>Signed Exp-Golomb (ITU-T H.264, 9.1.1).</summary>
    public int ReadSignedGolomb()
    {
        var code = ReadUnsignedGolomb();
        return (code & 1) != 0 ? (int)(code >> 1) + 1 : -(int)(code >> 1);
    }
}
