namespace WebRtcCore.Media.Ogg;

/// <summary>The checksum of Ogg pages (RFC 3533, 6): CRC-32 with polynomial 0x04C11DB7, most significant bit first, from 0, not inverted.</summary>
internal static class OggCrc
{
    private const uint Polynomial = 0x04C11DB7;
    private static readonly uint[] Table = MakeTable();

    public static uint Compute(ReadOnlySpan<byte> bytes, uint crc = 0)
    {
        foreach (var b in bytes)
        {
            crc = (crc << 8) ^ Table[(crc >> 24) ^ b];
        }

        return crc;
    }

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            var crc = i << 24;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc << 1) ^ ((crc & 0x80000000) != 0 ? Polynomial : 0);
            }

            table[i] = crc;
        }

        return table;
    }
}
