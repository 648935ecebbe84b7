namespace SendMedia;

/// <summary>What the sample writes to its log, besides what every sample with calls does.</summary>
internal static partial class Log
{
    [LoggerMessage(3, LogLevel.Information, "Somebody watches: {Source} begins.")]
    public static partial void SourceBegins(ILogger logger, string source);

    [LoggerMessage(4, LogLevel.Information, "Nobody watches any more: the source rests.")]
    public static partial void SourceRests(ILogger logger);

    [LoggerMessage(5, LogLevel.Error, "The source has failed, and begins anew: {Reason}")]
    public static partial void SourceFailed(ILogger logger, string reason);

    [LoggerMessage(6, LogLevel.Information, "Call {Call}: the picture changes to {Height} lines.")]
    public static partial void LayerChanged(ILogger logger, int call, int height);
}
