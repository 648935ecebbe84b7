using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using ArmCrc32 = System.Runtime.Intrinsics.Arm.Crc32;

namespace WebRtcCore.Sctp.Packets;

/// <summary>CRC32c (RFC 9260, appendix A), by the processor's instruction where there is one.</summary>
internal static class Crc32c
{
    // The instruction has a latency of three cycles and a throughput of one: three independent lanes keep it busy.
    private const int LongLane = 384;
    private const int ShortLane = 64;
    private static readonly uint[] LongShift = Crc32cTables.CreateShift(LongLane);
    private static readonly uint[] ShortShift = Crc32cTables.CreateShift(ShortLane);

    /// <summary>Whether the processor's instruction is used.</summary>
    public static bool IsHardwareAccelerated => BitConverter.IsLittleEndian && (Sse42.X64.IsSupported || ArmCrc32.Arm64.IsSupported);

    /// <summary>The CRC32c of <paramref name="data"/>.</summary>
    public static uint Compute(ReadOnlySpan<byte> data) => ~Update(uint.MaxValue, data);

    /// <summary>
    /// The checksum of an SCTP packet, its checksum field taken as zero whatever it holds; <paramref name="packet"/> has at least the 12 bytes
    /// of the common header. It goes on the wire in little-endian order (RFC 9260, appendix A).
    /// </summary>
    public static uint ComputePacket(ReadOnlySpan<byte> packet)
    {
        var crc = Update(uint.MaxValue, packet[..CommonHeader.ChecksumOffset]);
        crc = Update(crc, [0, 0, 0, 0]);
        return ~Update(crc, packet[CommonHeader.Length..]);
    }

    /// <summary>Feeds <paramref name="data"/> into a running, uninverted CRC.</summary>
    internal static uint Update(uint crc, ReadOnlySpan<byte> data) =>
        IsHardwareAccelerated ? UpdateHardware(crc, data) : UpdateSoftware(crc, data);

    /// <summary>The portable way: eight bytes a step through eight tables.</summary>
    internal static uint UpdateSoftware(uint crc, ReadOnlySpan<byte> data)
    {
        var tables = Crc32cTables.Slices;
        while (data.Length >= 8)
        {
            var low = BinaryPrimitives.ReadUInt32LittleEndian(data) ^ crc;
            var high = BinaryPrimitives.ReadUInt32LittleEndian(data[4..]);
            crc = tables[0x700 + (byte)low] ^ tables[0x600 + (byte)(low >> 8)] ^ tables[0x500 + (byte)(low >> 16)] ^ tables[0x400 + (low >> 24)]
                ^ tables[0x300 + (byte)high] ^ tables[0x200 + (byte)(high >> 8)] ^ tables[0x100 + (byte)(high >> 16)] ^ tables[high >> 24];
            data = data[8..];
        }

        foreach (var value in data)
        {
            crc = tables[(byte)(crc ^ value)] ^ (crc >> 8);
        }

        return crc;
    }

    private static uint UpdateHardware(uint crc, ReadOnlySpan<byte> data)
    {
        while (data.Length >= 3 * LongLane)
        {
            crc = UpdateLanes(crc, data, LongLane, LongShift);
            data = data[(3 * LongLane)..];
        }

        while (data.Length >= 3 * ShortLane)
        {
            crc = UpdateLanes(crc, data, ShortLane, ShortShift);
            data = data[(3 * ShortLane)..];
        }

        foreach (var word in MemoryMarshal.Cast<byte, ulong>(data))
        {
            crc = Step(crc, word);
        }

        foreach (var value in data[(data.Length & ~7)..])
        {
            crc = Sse42.IsSupported ? Sse42.Crc32(crc, value) : ArmCrc32.ComputeCrc32C(crc, value);
        }

        return crc;
    }

    private static uint UpdateLanes(uint crc, ReadOnlySpan<byte> data, int lane, uint[] shift)
    {
        var a = MemoryMarshal.Cast<byte, ulong>(data[..lane]);
        var b = MemoryMarshal.Cast<byte, ulong>(data.Slice(lane, lane))[..a.Length];
        var c = MemoryMarshal.Cast<byte, ulong>(data.Slice(2 * lane, lane))[..a.Length];
        uint crcB = 0, crcC = 0;
        for (var i = 0; i < a.Length; i++)
        {
            crc = Step(crc, a[i]);
            crcB = Step(crcB, b[i]);
            crcC = Step(crcC, c[i]);
        }

        crc = Crc32cTables.Shift(shift, crc) ^ crcB;
        return Crc32cTables.Shift(shift, crc) ^ crcC;
    }

    private static uint Step(uint crc, ulong word) =>
        Sse42.X64.IsSupported ? (uint)Sse42.X64.Crc32(crc, word) : ArmCrc32.Arm64.ComputeCrc32C(crc, word);
}
