namespace RecordToFile;

/// <summary>What the sample writes to its log, besides what every sample with calls does.</summary>
internal static partial class Log
{
    [LoggerMessage(3, LogLevel.Information, "Recorded {File}: {Seconds} s, {Bytes} bytes.")]
    public static partial void FileFinished(ILogger logger, string file, double seconds, long bytes);
}
