namespace Calls;

/// <summary>What a sample with calls writes to its log.</summary>
internal static partial class CallLog
{
    [LoggerMessage(1, LogLevel.Information, "Call {Call} begins; {Count} in all.")]
    public static partial void CallBegins(ILogger logger, int call, int count);

    [LoggerMessage(2, LogLevel.Information, "Call {Call} ends: {Reason}.")]
    public static partial void CallEnds(ILogger logger, int call, string reason);
}
