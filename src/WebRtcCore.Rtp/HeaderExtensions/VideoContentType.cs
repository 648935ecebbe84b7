namespace WebRtcCore.Rtp.HeaderExtensions;

/// <summary>What kind of picture a stream shows (the video-content-type extension of the WebRTC project); sent with key frames.</summary>
/// <param name="IsScreenshare">Whether it is a screen, not a camera.</param>
public readonly record struct VideoContentType(bool IsScreenshare)
{
    /// <summary>Bytes of the value.</summary>
    public const int EncodedLength = 1;

    /// <summary>Reads the value of a header extension element. The upper bits, once an experiment's, are ignored.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out VideoContentType type)
    {
        type = value.Length == EncodedLength ? new VideoContentType((value[0] & 0x01) != 0) : default;
        return value.Length == EncodedLength;
    }

    /// <summary>Writes <see cref="EncodedLength"/> bytes.</summary>
    public void Write(Span<byte> destination) => destination[0] = (byte)(IsScreenshare ? 1 : 0);
}
