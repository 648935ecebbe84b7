using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using WebRtcCore.Diagnostics;

namespace WebRtcCore;

/// <summary>The log messages of this assembly. Event ids 1100 to 1199.</summary>
internal static partial class TurnLog
{
    [LoggerMessage(1100, LogLevel.Warning, "Cannot listen on {Address}: {Error}")]
    public static partial void NotListening(ILogger logger, RedactedAddress address, SocketError error);

    [LoggerMessage(1101, LogLevel.Debug, "The stream {Path} has ended: {Reason}")]
    public static partial void StreamEnded(ILogger logger, RedactedPath path, string reason);
}
