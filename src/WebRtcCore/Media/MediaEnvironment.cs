using Microsoft.Extensions.Logging;
using WebRtcCore.Primitives;
using WebRtcCore.Transport;

namespace WebRtcCore;

/// <summary>What senders and receivers need of their connection to encode and decode.</summary>
internal sealed record MediaEnvironment(PeerConnectionOptions Options, MonotonicClock Clock, ILogger Logger, IRandomSource Random, Action<Action> Dispatch);
