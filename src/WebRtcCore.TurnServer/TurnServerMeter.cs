using System.Diagnostics.Metrics;
using WebRtcCore.Stun;

namespace WebRtcCore;

/// <summary>The meter <c>WebRtcCore.TurnServer</c> of one server: allocations, what is relayed and what is refused.</summary>
internal sealed class TurnServerMeter : IDisposable
{
    private readonly Meter _meter = new("WebRtcCore.TurnServer", typeof(TurnServerMeter).Assembly.GetName().Version?.ToString(3));

    public TurnServerMeter(Func<TurnRelayStatistics> read)
    {
        _meter.CreateObservableUpDownCounter("turn.allocations", () => read().Allocations, "{allocation}", "Allocations that live.");
        _meter.CreateObservableCounter("turn.relayed.packets", () => ByDirection(read().DatagramsToPeers, read().DatagramsToClients), "{packet}", "Datagrams relayed, by direction.");
        _meter.CreateObservableCounter("turn.relayed.io", () => ByDirection(read().BytesToPeers, read().BytesToClients), "By", "Data relayed, by direction.");
        _meter.CreateObservableCounter("turn.dropped", () => read().DatagramsRefused + read().DatagramsOverLimit, "{packet}", "Datagrams that were not relayed.");
        _meter.CreateObservableCounter("turn.requests.refused", () => read().RequestsRefused, "{request}", "Requests answered with an error.");
    }

    public void Dispose() => _meter.Dispose();

    private static Measurement<long>[] ByDirection(long toPeers, long toClients) =>
        [new(toPeers, new KeyValuePair<string, object?>("turn.direction", "to_peers")), new(toClients, new KeyValuePair<string, object?>("turn.direction", "to_clients"))];
}
