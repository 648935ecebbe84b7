namespace EchoPeer;

/// <summary>What the sample writes to its log.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Call {Call} begins; {Count} in all.")]
    public static partial void CallBegins(ILogger logger, int call, int count);

    [LoggerMessage(2, LogLevel.Information, "Call {Call} ends: {Reason}.")]
    public static partial void CallEnds(ILogger logger, int call, string reason);

    [LoggerMessage(3, LogLevel.Debug, "Channel {Label} ends: {Reason}")]
    public static partial void ChannelEnded(ILogger logger, string label, string reason);
}
