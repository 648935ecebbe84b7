namespace WebRtcCore.Session;

/// <summary>Picks from a report what belongs to one sender or receiver, and all that it refers to (webrtc 8.5, the stats selection algorithm).</summary>
internal static class StatsSelection
{
    public static StatsReport Select(StatsReport report, RtpSender? sender, RtpReceiver? receiver)
    {
        var chosen = new Dictionary<string, RtcStats>(StringComparer.Ordinal);
        foreach (var entry in report.Values.Where(entry => IsOf(entry, sender, receiver)))
        {
            Add(report, chosen, entry);
        }

        return new StatsReport(chosen.Values);
    }

    private static bool IsOf(RtcStats entry, RtpSender? sender, RtpReceiver? receiver) => entry switch
    {
        OutboundRtpStreamStats outbound => sender is not null && sender.Ssrcs.Contains(outbound.Ssrc),
        InboundRtpStreamStats inbound => receiver is not null && inbound.TrackIdentifier == receiver.Track.Id,
        _ => false,
    };

    private static void Add(StatsReport report, Dictionary<string, RtcStats> chosen, RtcStats entry)
    {
        if (!chosen.TryAdd(entry.Id, entry))
        {
            return;
        }

        foreach (var id in References(entry))
        {
            if (id is not null && report.TryGetValue(id, out var referred))
            {
                Add(report, chosen, referred);
            }
        }
    }

    private static IEnumerable<string?> References(RtcStats entry) => entry switch
    {
        OutboundRtpStreamStats s => [s.TransportId, s.CodecId, s.RemoteId, s.MediaSourceId],
        InboundRtpStreamStats s => [s.TransportId, s.CodecId, s.RemoteId, s.PlayoutId],
        RemoteInboundRtpStreamStats s => [s.LocalId, s.TransportId, s.CodecId],
        RemoteOutboundRtpStreamStats s => [s.LocalId, s.TransportId, s.CodecId],
        CodecStats s => [s.TransportId],
        TransportStats s => [s.SelectedCandidatePairId, s.LocalCertificateId, s.RemoteCertificateId],
        IceCandidatePairStats s => [s.LocalCandidateId, s.RemoteCandidateId],
        _ => [],
    };
}
