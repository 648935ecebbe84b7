using WebRtcCore.Testing;

namespace WebRtcCore.Fuzz;

/// <summary>Makes new inputs from old ones, repeatably: bit flips, odd values, removed, repeated and inserted blocks, two inputs spliced.</summary>
public sealed class Mutator(int seed)
{
    private const int MaxLength = 8192;
    private static readonly byte[] OddBytes = [0, 1, 2, 3, 4, 7, 8, 15, 16, 31, 32, 63, 64, 127, 128, 192, 193, 254, 255];
    private static readonly ushort[] OddWords = [0, 1, 2, 3, 4, 5, 7, 8, 12, 0x7F, 0x80, 0xFF, 0x100, 0x4B0, 0x7FFF, 0x8000, 0xBEDE, 0xFFFB, 0xFFFC, 0xFFFE, 0xFFFF];
    private readonly SeededRandomSource _random = new(seed);

    /// <summary>A mutation of one of <paramref name="inputs"/>.</summary>
    public byte[] Next(IReadOnlyList<byte[]> inputs)
    {
        var bytes = inputs.Count == 0 ? [] : inputs[_random.Next(inputs.Count)].ToList();
        for (var edits = 1 + _random.Next(6); edits > 0; edits--)
        {
            Edit(bytes, inputs);
        }

        return bytes.Count <= MaxLength ? [.. bytes] : [.. bytes[..MaxLength]];
    }

    private void Edit(List<byte> bytes, IReadOnlyList<byte[]> inputs)
    {
        if (bytes.Count == 0)
        {
            bytes.AddRange(Random(1 + _random.Next(32)));
            return;
        }

        var at = _random.Next(bytes.Count);
        var length = 1 + _random.Next(Math.Min(32, bytes.Count - at));
        switch (_random.Next(11))
        {
            case 0:
                bytes[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 1:
                bytes[at] = OddBytes[_random.Next(OddBytes.Length)];
                break;
            case 2:
                bytes[at] = (byte)_random.Next(256);
                break;
            case 3:
                bytes[at] = (byte)(bytes[at] + _random.Next(9) - 4);
                break;
            case 4 when at + 1 < bytes.Count:
                var word = OddWords[_random.Next(OddWords.Length)];
                (bytes[at], bytes[at + 1]) = ((byte)(word >> 8), (byte)word);
                break;
            case 5:
                bytes.RemoveRange(at, length);
                break;
            case 6:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 7:
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            case 8:
                bytes.InsertRange(at, Random(length));
                break;
            case 9:
                var block = bytes.GetRange(at, length);
                var to = _random.Next(bytes.Count - length + 1);
                bytes.RemoveRange(at, length);
                bytes.InsertRange(to, block);
                break;
            default:
                // The front of one and the back of another.
                var other = inputs[_random.Next(inputs.Count)];
                bytes.RemoveRange(at, bytes.Count - at);
                bytes.AddRange(other.AsSpan(Math.Min(at, other.Length)));
                break;
        }
    }

    private byte[] Random(int length)
    {
        var bytes = new byte[length];
        _random.Fill(bytes);
        return bytes;
    }
}
