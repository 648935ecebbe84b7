using System.Buffers.Binary;

namespace WebRtcCore.Media.KeyFrames;

/// <summary>The header of a VP8 frame (RFC 6386, 9.1): three bytes of tag, and in key frames a start code and the size.</summary>
internal static class Vp8KeyFrame
{
    private const int HeaderLength = 10;
    private const int SizeMask = 0x3FFF;

    /// <summary>The size in a key frame.</summary>
    /// <returns><see langword="false"/> if it is none.</returns>
    public static bool TryRead(ReadOnlySpan<byte> frame, out VideoSize size)
    {
        size = default;
        if (frame.Length < HeaderLength || (frame[0] & 1) != 0 || frame[3] != 0x9D || frame[4] != 0x01 || frame[5] != 0x2A)
        {
            return false;
        }

        // The two highest bits ask for upscaling, which is the player's affair.
        size = new VideoSize(BinaryPrimitives.ReadUInt16LittleEndian(frame[6..]) & SizeMask, BinaryPrimitives.ReadUInt16LittleEndian(frame[8..]) & SizeMask);
        return size is { Width: > 0, Height: > 0 };
    }
}
