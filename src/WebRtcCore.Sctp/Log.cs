using Microsoft.Extensions.Logging;

namespace WebRtcCore.Sctp;

/// <summary>Everything that this assembly logs. Never payloads, labels or keys.</summary>
internal static partial class Log
{
    [LoggerMessage(4000, LogLevel.Debug, "SCTP: {From} -> {To}")]
    public static partial void StateChanged(ILogger logger, SctpAssociationState from, SctpAssociationState to);

    [LoggerMessage(4001, LogLevel.Information, "SCTP association ended: {Error}")]
    public static partial void Failed(ILogger logger, SctpError error);

    [LoggerMessage(4002, LogLevel.Trace, "SCTP packet discarded: {Reason}")]
    public static partial void PacketDiscarded(ILogger logger, string reason);

    [LoggerMessage(4003, LogLevel.Debug, "SCTP retransmission timeout, {Outstanding} chunks outstanding, next in {Timeout}")]
    public static partial void RetransmissionTimeout(ILogger logger, int outstanding, TimeSpan timeout);

    [LoggerMessage(4004, LogLevel.Debug, "SCTP peer restarted")]
    public static partial void PeerRestarted(ILogger logger);

    [LoggerMessage(4005, LogLevel.Debug, "SCTP peer known: {Outgoing} outgoing and {Incoming} incoming streams, interleaving {IsInterleaving}")]
    public static partial void PeerKnown(ILogger logger, int outgoing, int incoming, bool isInterleaving);

    [LoggerMessage(4006, LogLevel.Debug, "SCTP packets of up to {Size} bytes, path MTU discovery {State}")]
    public static partial void PacketSizeChanged(ILogger logger, int size, Send.PathMtuState state);

    [LoggerMessage(4010, LogLevel.Debug, "Data channel {Channel}: {From} -> {To}")]
    public static partial void ChannelStateChanged(ILogger logger, int channel, Dcep.DataChannelState from, Dcep.DataChannelState to);

    [LoggerMessage(4011, LogLevel.Debug, "Data channel message on stream {Stream} refused: {Reason}")]
    public static partial void MessageRefused(ILogger logger, int stream, string reason);
}
