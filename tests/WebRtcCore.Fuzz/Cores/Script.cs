namespace WebRtcCore.Fuzz.Cores;

/// <summary>Reads an input as a list of instructions: past its end there are only zeros.</summary>
internal ref struct Script(ReadOnlySpan<byte> input)
{
    private ReadOnlySpan<byte> _rest = input;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    public byte NextByte()
    {
        if (_rest.IsEmpty)
        {
            return 0;
        }

        var value = _rest[0];
        _rest = _rest[1..];
        return value;
    }

    public int NextInt(int exclusiveMaximum) => ((NextByte() << 8) | NextByte()) % exclusiveMaximum;

    public ReadOnlySpan<byte> NextBytes(int length)
    {
        var bytes = _rest[..Math.Min(length, _rest.Length)];
        _rest = _rest[bytes.Length..];
        return bytes;
    }
}
