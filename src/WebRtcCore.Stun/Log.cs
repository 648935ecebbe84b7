using Microsoft.Extensions.Logging;

namespace WebRtcCore.Stun;

/// <summary>The log messages of this assembly. Event ids 1000 to 1099; neither addresses nor credentials appear.</summary>
internal static partial class Log
{
    [LoggerMessage(1000, LogLevel.Debug, "TURN state {Previous} -> {State}")]
    public static partial void TurnStateChanged(ILogger logger, TurnClientState previous, TurnClientState state);

    [LoggerMessage(1001, LogLevel.Debug, "TURN allocation failed: {Kind}, code {Code}")]
    public static partial void TurnFailed(ILogger logger, TurnErrorKind kind, int code);

    [LoggerMessage(1002, LogLevel.Debug, "TURN permission refused: {Kind}")]
    public static partial void TurnPermissionRefused(ILogger logger, TurnErrorKind kind);

    [LoggerMessage(1010, LogLevel.Debug, "TURN allocation made; {Count} live")]
    public static partial void TurnAllocated(ILogger logger, int count);

    [LoggerMessage(1011, LogLevel.Debug, "TURN {Method} refused with {Code}")]
    public static partial void TurnRequestRefused(ILogger logger, StunMethod method, int code);
}
