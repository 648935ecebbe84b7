namespace EchoPeer;

/// <summary>What the sample writes to its log, besides what every sample with calls does.</summary>
internal static partial class Log
{
    [LoggerMessage(3, LogLevel.Debug, "Channel {Label} ends: {Reason}")]
    public static partial void ChannelEnded(ILogger logger, string label, string reason);
}
