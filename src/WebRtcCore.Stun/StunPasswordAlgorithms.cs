using System.Buffers.Binary;

namespace WebRtcCore.Stun;

/// <summary>PASSWORD-ALGORITHMS and PASSWORD-ALGORITHM (RFC 8489, 14.11 and 14.12): number (16), length of parameters (16), parameters padded to four.</summary>
public static class StunPasswordAlgorithms
{
    private const int EntryLength = 4;

    /// <summary>Reads the first algorithm of a list that is known here; false if the list is malformed or has none.</summary>
    /// <param name="value">The value of PASSWORD-ALGORITHMS, or of PASSWORD-ALGORITHM.</param>
    /// <param name="algorithm">The algorithm.</param>
    public static bool TryChoose(ReadOnlySpan<byte> value, out StunPasswordAlgorithm algorithm)
    {
        var chosen = default(StunPasswordAlgorithm);
        while (value.Length >= EntryLength)
        {
            var number = (StunPasswordAlgorithm)BinaryPrimitives.ReadUInt16BigEndian(value);
            var parameters = BinaryPrimitives.ReadUInt16BigEndian(value[2..]);
            if (StunFormat.Padded(parameters) > value.Length - EntryLength)
            {
                break;
            }

            if (chosen == default && number is (StunPasswordAlgorithm.Md5 or StunPasswordAlgorithm.Sha256) && parameters == 0)
            {
                chosen = number;
            }

            value = value[(EntryLength + StunFormat.Padded(parameters))..];
        }

        algorithm = value.IsEmpty ? chosen : default;
        return algorithm != default;
    }

    /// <summary>Adds PASSWORD-ALGORITHM or, with several, PASSWORD-ALGORITHMS.</summary>
    public static void AddPasswordAlgorithms(this ref StunMessageWriter writer, StunAttributeType type, params ReadOnlySpan<StunPasswordAlgorithm> algorithms)
    {
        Span<byte> value = stackalloc byte[16 * EntryLength];
        value = value[..(algorithms.Length * EntryLength)];
        value.Clear();
        for (var i = 0; i < algorithms.Length; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(value[(i * EntryLength)..], (ushort)algorithms[i]);
        }

        writer.Add(type, value);
    }
}
