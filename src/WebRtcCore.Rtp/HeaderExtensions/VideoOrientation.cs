namespace WebRtcCore.Rtp.HeaderExtensions;

/// <summary>
/// How the receiver is to turn a picture (3GPP TS 26.114, 7.4.5).
/// <code>
/// |0|0|0|0|C|F|R|R|
/// </code>
/// </summary>
/// <param name="RotationDegrees">0, 90, 180 or 270, clockwise.</param>
/// <param name="IsFlipped">Whether the picture is mirrored left to right.</param>
/// <param name="IsBackCamera">Whether the camera looks away from the user.</param>
public readonly record struct VideoOrientation(int RotationDegrees, bool IsFlipped = false, bool IsBackCamera = false)
{
    /// <summary>Bytes of the value.</summary>
    public const int EncodedLength = 1;

    /// <summary>Reads the value of a header extension element.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out VideoOrientation orientation)
    {
        if (value.Length != EncodedLength)
        {
            orientation = default;
            return false;
        }

        orientation = new VideoOrientation((value[0] & 0x03) * 90, (value[0] & 0x04) != 0, (value[0] & 0x08) != 0);
        return true;
    }

    /// <summary>Writes <see cref="EncodedLength"/> bytes; the rotation is rounded down to a quarter turn.</summary>
    public void Write(Span<byte> destination) =>
        destination[0] = (byte)((IsBackCamera ? 0x08 : 0) | (IsFlipped ? 0x04 : 0) | ((RotationDegrees / 90) & 0x03));
}
