using System.Buffers.Binary;

namespace WebRtcCore.Media.Ogg;

/// <summary>What an Ogg Opus file says of its sound at the start (RFC 7845, 5.1).</summary>
/// <param name="Channels">1 or 2.</param>
/// <param name="PreSkip">Samples at 48 kHz that a decoder throws away at the beginning.</param>
/// <param name="InputSampleRate">The rate of what was encoded, in Hz; for information: Opus is decoded at 48 kHz.</param>
public sealed record OpusHead(int Channels = 2, int PreSkip = 0, int InputSampleRate = 48_000)
{
    internal const int Length = 19;

    internal static ReadOnlySpan<byte> Magic => "OpusHead"u8;

    internal bool IsValid => Channels is 1 or 2 && PreSkip is >= 0 and <= ushort.MaxValue && InputSampleRate >= 0;

    internal byte[] Write()
    {
        var bytes = new byte[Length];
        var span = bytes.AsSpan();
        Magic.CopyTo(span);
        span[8] = 1;
        span[9] = (byte)Channels;
        BinaryPrimitives.WriteUInt16LittleEndian(span[10..], (ushort)PreSkip);
        BinaryPrimitives.WriteInt32LittleEndian(span[12..], InputSampleRate);

        // Output gain 0, and channel mapping family 0: mono or stereo.
        return bytes;
    }

    internal static bool TryRead(ReadOnlySpan<byte> packet, out OpusHead head)
    {
        head = new OpusHead();
        if (packet.Length < Length || !packet[..8].SequenceEqual(Magic) || (packet[8] & 0xF0) != 0)
        {
            return false;
        }

        var isFamilyZero = packet[18] == 0;
        head = new OpusHead(packet[9], BinaryPrimitives.ReadUInt16LittleEndian(packet[10..]), BinaryPrimitives.ReadInt32LittleEndian(packet[12..]));
        return isFamilyZero && head.IsValid;
    }
}
