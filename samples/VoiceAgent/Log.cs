namespace VoiceAgent;

/// <summary>What the sample writes to its log, besides what every sample with calls does.</summary>
internal static partial class Log
{
    [LoggerMessage(3, LogLevel.Information, "Call {Call}, turn {Turn}: somebody spoke for {Seconds} s.")]
    public static partial void TurnEnded(ILogger logger, int call, int turn, double seconds);

    [LoggerMessage(4, LogLevel.Information, "Call {Call}, turn {Turn}: the answer is heard {Milliseconds} ms after the last speech.")]
    public static partial void AnswerBegan(ILogger logger, int call, int turn, double milliseconds);

    [LoggerMessage(5, LogLevel.Error, "Call {Call}: {Reason}")]
    public static partial void AgentFailed(ILogger logger, int call, string reason);

    [LoggerMessage(6, LogLevel.Information, "Sound travels as {Codec}.")]
    public static partial void Codec(ILogger logger, string codec);

    [LoggerMessage(7, LogLevel.Warning, "libopus is not installed (Debian and Ubuntu: apt-get install libopus0): sound travels as {Codec}.")]
    public static partial void NoOpus(ILogger logger, string codec);
}
