namespace WebRtcCore.Media;

/// <summary>What came of decoding a frame.</summary>
public enum VideoDecodeResult
{
    /// <summary>There is a picture.</summary>
    Picture,

    /// <summary>The frame was taken in and shows nothing (yet).</summary>
    NoPicture,

    /// <summary>The frame cannot be decoded; only a key frame helps.</summary>
    NeedsKeyFrame,
}
