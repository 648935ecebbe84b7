using System.Buffers;
using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace WebRtcCore;

/// <summary>
/// W3C <c>RTCStatsReport</c>: what <c>getStats()</c> gives, entries by id in the order in which they were added. Immutable; safe on any thread.
/// </summary>
[SuppressMessage("Naming", "CA1710", Justification = "The name is W3C's.")]
public sealed class StatsReport : IReadOnlyDictionary<string, RtcStats>
{
    private readonly OrderedDictionary<string, RtcStats> _entries = new(StringComparer.Ordinal);

    /// <summary>A report of the given entries.</summary>
    /// <exception cref="ArgumentException">Two entries have the same id.</exception>
    public StatsReport(IEnumerable<RtcStats> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        foreach (var entry in entries)
        {
            _entries.Add(entry.Id, entry);
        }
    }

    /// <summary>How many entries there are.</summary>
    public int Count => _entries.Count;

    /// <summary>The ids of all entries.</summary>
    public IEnumerable<string> Keys => _entries.Keys;

    /// <summary>All entries.</summary>
    public IEnumerable<RtcStats> Values => _entries.Values;

    /// <summary>The entry with the given id.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public RtcStats this[string key] => _entries[key];

    /// <summary>
    /// Reads a report in the shape that <see cref="ToJson"/> writes and that <c>JSON.stringify(Object.fromEntries(report))</c> prints in a browser.
    /// Entries and members that this library does not know are skipped.
    /// </summary>
    /// <exception cref="JsonException">The text is not such a report.</exception>
    public static StatsReport FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        using var document = JsonDocument.Parse(json);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException("A report is an object.");
        }

        var entries = new Dictionary<string, RtcStats>(StringComparer.Ordinal);
        foreach (var member in document.RootElement.EnumerateObject())
        {
            if (FindType(member.Value) is { } type && member.Value.Deserialize(type) is RtcStats { Id: not null } entry)
            {
                entries[entry.Id] = entry;
            }
        }

        return new StatsReport(entries.Values);
    }

    /// <summary>The entries of one type, for example <c>report.GetAll&lt;InboundRtpStreamStats&gt;()</c>.</summary>
    public IEnumerable<TStats> GetAll<TStats>()
        where TStats : RtcStats => Values.OfType<TStats>();

    /// <summary>Follows a reference such as <see cref="TransportStats.SelectedCandidatePairId"/>; <see langword="null"/> where it leads nowhere.</summary>
    public TStats? Find<TStats>(string? id)
        where TStats : RtcStats => id is not null && _entries.TryGetValue(id, out var entry) ? entry as TStats : null;

    /// <inheritdoc/>
    public bool ContainsKey(string key) => _entries.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out RtcStats value) => _entries.TryGetValue(key, out value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, RtcStats>> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>
    /// The report as the browsers' <c>getStats()</c> prints: one object, its members named by id, each with W3C's member names and units.
    /// Members that are <see langword="null"/> are left out.
    /// </summary>
    public string ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            WriteTo(writer);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Writes what <see cref="ToJson"/> returns.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartObject();
        foreach (var (id, entry) in _entries)
        {
            writer.WritePropertyName(id);
            JsonSerializer.Serialize(writer, entry, StatsJsonContext.Default.GetTypeInfo(entry.GetType())!);
        }

        writer.WriteEndObject();
    }

    private static JsonTypeInfo? FindType(JsonElement entry)
    {
        if (entry.ValueKind != JsonValueKind.Object || !TryGetString(entry, "type", out var name) || !W3CString.TryParse<StatsType>(name, out var type))
        {
            return null;
        }

        var context = StatsJsonContext.Default;
        return type switch
        {
            StatsType.Codec => context.CodecStats,
            StatsType.InboundRtp => context.InboundRtpStreamStats,
            StatsType.OutboundRtp => context.OutboundRtpStreamStats,
            StatsType.RemoteInboundRtp => context.RemoteInboundRtpStreamStats,
            StatsType.RemoteOutboundRtp => context.RemoteOutboundRtpStreamStats,
            StatsType.MediaSource => TryGetString(entry, "kind", out var kind) && kind == "video" ? context.VideoSourceStats : context.AudioSourceStats,
            StatsType.MediaPlayout => context.AudioPlayoutStats,
            StatsType.PeerConnection => context.PeerConnectionStats,
            StatsType.DataChannel => context.DataChannelStats,
            StatsType.Transport => context.TransportStats,
            StatsType.CandidatePair => context.IceCandidatePairStats,
            StatsType.LocalCandidate => context.LocalCandidateStats,
            StatsType.RemoteCandidate => context.RemoteCandidateStats,
            StatsType.Certificate => context.CertificateStats,
            _ => null,
        };
    }

    private static bool TryGetString(JsonElement entry, string name, [NotNullWhen(true)] out string? value)
    {
        value = entry.TryGetProperty(name, out var element) && element.ValueKind == JsonValueKind.String ? element.GetString() : null;
        return value is not null;
    }
}
