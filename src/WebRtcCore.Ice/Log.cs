using Microsoft.Extensions.Logging;
using WebRtcCore.Stun;

namespace WebRtcCore.Ice;

/// <summary>The log messages of this assembly. Event ids 2000 to 2099; addresses are redacted, credentials never appear.</summary>
internal static partial class Log
{
    [LoggerMessage(2000, LogLevel.Debug, "ICE state {Previous} -> {State}")]
    public static partial void StateChanged(ILogger logger, IceAgentState previous, IceAgentState state);

    [LoggerMessage(2001, LogLevel.Debug, "ICE gathering {State}")]
    public static partial void GatheringStateChanged(ILogger logger, IceGatheringState state);

    [LoggerMessage(2002, LogLevel.Debug, "ICE candidate gathered: {Type} {Address}")]
    public static partial void CandidateGathered(ILogger logger, IceCandidateType type, RedactedAddress address);

    [LoggerMessage(2003, LogLevel.Debug, "ICE server {Server} gave {Local} no address: {ErrorCode}")]
    public static partial void GatheringFailed(ILogger logger, RedactedAddress server, RedactedAddress local, int errorCode);

    [LoggerMessage(2004, LogLevel.Trace, "ICE pair {Pair} added: {Local} -> {Remote}")]
    public static partial void PairAdded(ILogger logger, int pair, RedactedAddress local, RedactedAddress remote);

    [LoggerMessage(2005, LogLevel.Debug, "ICE pair {Pair} failed")]
    public static partial void PairFailed(ILogger logger, int pair);

    [LoggerMessage(2006, LogLevel.Debug, "ICE nominating pair {Pair}")]
    public static partial void Nominating(ILogger logger, int pair);

    [LoggerMessage(2007, LogLevel.Debug, "ICE data goes to pair {Pair}: {Local} -> {Remote}, nominated: {IsNominated}")]
    public static partial void Selected(ILogger logger, int pair, RedactedAddress local, RedactedAddress remote, bool isNominated);

    [LoggerMessage(2008, LogLevel.Debug, "ICE role conflict: now {Role}")]
    public static partial void RoleSwitched(ILogger logger, IceRole role);

    [LoggerMessage(2009, LogLevel.Debug, "ICE pair {Pair} does not answer")]
    public static partial void PairStale(ILogger logger, int pair);

    [LoggerMessage(2010, LogLevel.Information, "ICE consent of pair {Pair} has expired")]
    public static partial void ConsentExpired(ILogger logger, int pair);

    [LoggerMessage(2011, LogLevel.Debug, "ICE restart")]
    public static partial void Restarted(ILogger logger);

    [LoggerMessage(2013, LogLevel.Information, "ICE lost an allocation on a TURN server: {Kind}")]
    public static partial void RelayLost(ILogger logger, TurnErrorKind kind);

    [LoggerMessage(2014, LogLevel.Information, "ICE failed: {Reason}; {Locals} local and {Remotes} remote candidates, {Pairs} pairs")]
    public static partial void Failed(ILogger logger, IceFailureReason reason, int locals, int remotes, int pairs);

    [LoggerMessage(2015, LogLevel.Debug, "ICE has a new local address: {Address}")]
    public static partial void HostAdded(ILogger logger, RedactedAddress address);

    [LoggerMessage(2016, LogLevel.Debug, "ICE lost a local address: {Address}")]
    public static partial void HostRemoved(ILogger logger, RedactedAddress address);

    [LoggerMessage(2012, LogLevel.Trace, "ICE dropped a datagram from {Source}: {Reason}")]
    public static partial void Dropped(ILogger logger, RedactedAddress source, IceDropReason reason);
}
