using Microsoft.Extensions.Logging;

namespace WebRtcCore.Rtp;

/// <summary>What this assembly logs.</summary>
internal static partial class Log
{
    [LoggerMessage(5001, LogLevel.Debug, "Receiving stream {Ssrc} of media section {Mid}, rid {Rid}.")]
    public static partial void ReceiveStreamAdded(ILogger logger, Ssrc ssrc, string mid, string? rid);

    [LoggerMessage(5002, LogLevel.Debug, "Stream {Ssrc} of media section {Mid} has ended.")]
    public static partial void ReceiveStreamRemoved(ILogger logger, Ssrc ssrc, string mid);
}
