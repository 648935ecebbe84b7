using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace WebRtcCore.Diagnostics;

/// <summary>
/// Every log message of this assembly, with fixed event ids: 1-99 API, 100-199 transport, 200-299 session.
/// Addresses and user name fragments go through <see cref="Redact"/>; keys and payloads never come here.
/// </summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "An event handler of the application failed.")]
    public static partial void HandlerFailed(ILogger logger, Exception exception);

    [LoggerMessage(100, LogLevel.Error, "Handling one item of a connection failed; the connection goes on.")]
    public static partial void LoopItemFailed(ILogger logger, Exception exception);

    [LoggerMessage(101, LogLevel.Warning, "The connection's inbox of {Capacity} datagrams is full; datagrams are dropped.")]
    public static partial void InboxFull(ILogger logger, int capacity);

    [LoggerMessage(102, LogLevel.Warning, "A timeout that is due stays due after it was handled; the next is delayed.")]
    public static partial void TimeoutRepeats(ILogger logger);

    [LoggerMessage(110, LogLevel.Debug, "UDP socket bound to {Local}.")]
    public static partial void SocketBound(ILogger logger, RedactedAddress local);

    [LoggerMessage(111, LogLevel.Debug, "No UDP socket on {Local}: {Error}.")]
    public static partial void SocketNotBound(ILogger logger, RedactedAddress local, SocketError error);

    [LoggerMessage(112, LogLevel.Debug, "UDP socket {Local} closed after {Received} datagrams in, {Sent} out.")]
    public static partial void SocketClosed(ILogger logger, RedactedAddress local, long received, long sent);

    [LoggerMessage(113, LogLevel.Debug, "Receiving on {Local} failed: {Error}; the socket stays open.")]
    public static partial void ReceiveFailed(ILogger logger, RedactedAddress local, SocketError error);

    [LoggerMessage(114, LogLevel.Debug, "Sending from {Local} to {Remote} failed: {Error}.")]
    public static partial void SendFailed(ILogger logger, RedactedAddress local, RedactedAddress remote, SocketError error);

    [LoggerMessage(115, LogLevel.Debug, "The stream to {Remote} has ended: {Reason}.")]
    public static partial void StreamEnded(ILogger logger, RedactedAddress remote, string reason);

    [LoggerMessage(116, LogLevel.Information, "No connection with the TURN server {Remote} by {Protocol}: {Reason}")]
    public static partial void StreamNotOpened(ILogger logger, RedactedAddress remote, Ice.IceRelayProtocol protocol, string reason);

    [LoggerMessage(117, LogLevel.Debug, "No TCP connection to the candidate {Remote}: {Reason}")]
    public static partial void PeerStreamNotOpened(ILogger logger, RedactedAddress remote, string reason);

    [LoggerMessage(120, LogLevel.Warning, "The STUN or TURN server {Host} was not found: {Reason}")]
    public static partial void ServerNotResolved(ILogger logger, string host, string reason);

    [LoggerMessage(121, LogLevel.Debug, "A .local name of the peer stands for {Address}.")]
    public static partial void MulticastNameResolved(ILogger logger, RedactedAddress address);

    [LoggerMessage(200, LogLevel.Debug, "A {MimeType} frame of {Length} bytes cannot be cut into payloads of {Room} bytes; it is dropped.")]
    public static partial void FrameNotCut(ILogger logger, string mimeType, int length, int room);

    [LoggerMessage(201, LogLevel.Warning, "No codec is registered for {MimeTypes}: see PeerConnectionOptions.AudioCodecs and VideoCodecs.")]
    public static partial void NoCodec(ILogger logger, string mimeTypes);
}
