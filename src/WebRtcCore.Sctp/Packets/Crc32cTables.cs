namespace WebRtcCore.Sctp.Packets;

/// <summary>The tables behind <see cref="Crc32c"/>.</summary>
internal static class Crc32cTables
{
    // The polynomial of RFC 9260, appendix A, bits reversed.
    private const uint Polynomial = 0x82F6_3B78;

    /// <summary>Eight tables of 256: the CRC of a byte followed by 0 to 7 zero bytes.</summary>
    public static readonly uint[] Slices = CreateSlices();

    /// <summary>Four tables of 256 that together advance a CRC over <paramref name="zeroBytes"/> zero bytes.</summary>
    public static uint[] CreateShift(int zeroBytes)
    {
        var zeros = new byte[zeroBytes];
        var table = new uint[4 * 256];
        for (var part = 0; part < 4; part++)
        {
            for (var value = 0; value < 256; value++)
            {
                // The step is linear over GF(2): the whole is the XOR of what each byte of the CRC becomes on its own.
                table[(part * 256) + value] = Crc32c.UpdateSoftware((uint)value << (8 * part), zeros);
            }
        }

        return table;
    }

    /// <summary>Advances <paramref name="crc"/> over the zero bytes that <paramref name="table"/> was made for.</summary>
    public static uint Shift(uint[] table, uint crc) =>
        table[(byte)crc] ^ table[0x100 + (byte)(crc >> 8)] ^ table[0x200 + (byte)(crc >> 16)] ^ table[0x300 + (crc >> 24)];

    private static uint[] CreateSlices()
    {
        var tables = new uint[8 * 256];
        for (var value = 0u; value < 256; value++)
        {
            var crc = value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ Polynomial : crc >> 1;
            }

            tables[value] = crc;
        }

        for (var index = 256; index < tables.Length; index++)
        {
            var previous = tables[index - 256];
            tables[index] = tables[(byte)previous] ^ (previous >> 8);
        }

        return tables;
    }
}
