using WebRtcCore.Sdp;

namespace WebRtcCore.Session.Negotiation;

/// <summary>What an m-line is to this library.</summary>
internal static class MediaLines
{
    /// <summary>Whether an m-line is audio or video over one of the secure RTP profiles.</summary>
    internal static bool IsSupportedRtp(SdpMedia line) =>
        line.Kind is "audio" or "video" && line.IsRtp && line.Protocol.Contains("SAVP", StringComparison.Ordinal);

    internal static MediaKind GetKind(SdpMedia line) => line.Kind == "audio" ? MediaKind.Audio : MediaKind.Video;
}
