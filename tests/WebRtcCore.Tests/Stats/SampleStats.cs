using System.Reflection;

namespace WebRtcCore.Tests.Stats;

/// <summary>Entries with every member set.</summary>
internal static class SampleStats
{
    public static readonly DateTimeOffset Time = DateTimeOffset.UnixEpoch.AddMilliseconds(1_795_391_478_648).AddMicroseconds(126);

    public static IReadOnlyList<RtcStats> All =>
    [
        new AudioPlayoutStats { Id = "AP", Timestamp = Time },
        new AudioSourceStats { Id = "SA1", Timestamp = Time },
        new CertificateStats { Id = "CF1", Timestamp = Time },
        new CodecStats { Id = "C1", Timestamp = Time },
        new DataChannelStats { Id = "D1", Timestamp = Time },
        new IceCandidatePairStats { Id = "CP1", Timestamp = Time },
        new InboundRtpStreamStats { Id = "I1", Timestamp = Time },
        new LocalCandidateStats { Id = "L1", Timestamp = Time },
        new OutboundRtpStreamStats { Id = "O1", Timestamp = Time },
        new PeerConnectionStats { Id = "P", Timestamp = Time },
        new RemoteCandidateStats { Id = "R1", Timestamp = Time },
        new RemoteInboundRtpStreamStats { Id = "RI1", Timestamp = Time },
        new RemoteOutboundRtpStreamStats { Id = "RO1", Timestamp = Time },
        new TransportStats { Id = "T1", Timestamp = Time },
        new VideoSourceStats { Id = "SV1", Timestamp = Time },
    ];

    public static IReadOnlyList<RtcStats> Filled => [.. All.Select(Fill)];

    private static RtcStats Fill(RtcStats stats)
    {
        foreach (var property in stats.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.CanWrite && property.Name != nameof(RtcStats.Id))
            {
                property.SetValue(stats, Value(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType));
            }
        }

        return stats;
    }

    private static object Value(Type type) =>
        type == typeof(string) ? "text"
        : type == typeof(bool) ? true
        : type == typeof(int) ? 7
        : type == typeof(uint) ? 4_000_000_000u
        : type == typeof(long) ? 8_000_000_000L
        : type == typeof(ulong) ? 9_114_756_780_654_461_439ul
        : type == typeof(double) ? 0.25
        : type == typeof(TimeSpan) ? TimeSpan.FromMicroseconds(1709)
        : type == typeof(DateTimeOffset) ? Time
        : type.IsEnum ? Enum.GetValues(type).GetValue(1)!
        : type == typeof(IReadOnlyDictionary<string, TimeSpan>) ? new Dictionary<string, TimeSpan> { ["none"] = TimeSpan.FromSeconds(4.25) }
        : throw new NotSupportedException($"No sample for {type}.");
}
