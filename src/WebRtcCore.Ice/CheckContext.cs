using Microsoft.Extensions.Logging;
using WebRtcCore.Primitives;

namespace WebRtcCore.Ice;

/// <summary>What all generations of one agent share.</summary>
internal sealed record CheckContext(IceAgentOptions Options, AgentRole Role, IRandomSource Random, IceOutbox Outbox, DropCounters Drops, IceRelays Relays, IceTcpStreams Tcp, ILogger Logger)
{
    private int _lastPairId;

    /// <summary>A number for a new pair.</summary>
    public int NextPairId() => ++_lastPairId;
}
