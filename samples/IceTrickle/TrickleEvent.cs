using System.Text.Json;
using WebRtcCore;

namespace IceTrickle;

/// <summary>Something that happened while gathering: a row of the table, a line of <c>--json</c>, a line to the page.</summary>
internal sealed record TrickleEvent
{
    public const string CandidateKind = "candidate";
    public const string ErrorKind = "error";
    public const string ServerKind = "server";
    public const string EndKind = "end";

    /// <summary>One of the kinds above: a candidate, a candidate error, the verdict on a server, the end of it all.</summary>
    public required string Event { get; init; }

    /// <summary>Milliseconds since gathering began.</summary>
    public required double TimeMs { get; init; }

    public string? Type { get; init; }

    public string? Protocol { get; init; }

    public string? Address { get; init; }

    public int? Port { get; init; }

    public uint? Priority { get; init; }

    public string? Foundation { get; init; }

    public string? RelatedAddress { get; init; }

    public int? RelatedPort { get; init; }

    public string? RelayProtocol { get; init; }

    /// <summary>The server's URL.</summary>
    public string? Url { get; init; }

    public int? Code { get; init; }

    public string? Text { get; init; }

    /// <summary>Of a server: whether it gave what it should. At the end: whether all did.</summary>
    public bool? Ok { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, TrickleJson.Default.TrickleEvent);

    /// <summary>An event for a candidate.</summary>
    public static TrickleEvent Of(IceCandidate candidate, double timeMs) => new()
    {
        Event = CandidateKind,
        TimeMs = timeMs,
        Type = candidate.Type is { } type ? type.ToW3CString() : null,
        Protocol = candidate.Protocol is { } protocol ? protocol.ToW3CString() : null,
        Address = candidate.Address,
        Port = candidate.Port,
        Priority = candidate.Priority,
        Foundation = candidate.Foundation,
        RelatedAddress = candidate.RelatedAddress,
        RelatedPort = candidate.RelatedPort,
        RelayProtocol = candidate.RelayProtocol is { } relay ? relay.ToW3CString() : null,
        Url = candidate.Url,
    };
}
