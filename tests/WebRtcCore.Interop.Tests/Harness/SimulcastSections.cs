namespace WebRtcCore.Interop.Tests.Harness;

/// <summary>
/// No browser receives simulcast: it answers <c>a=simulcast:send</c> without <c>recv</c>. A description in between shows it each layer as an m-section of its own, with
/// the rid as its mid, and the number of the header extension with the rid declared as that of the mid.
/// </summary>
internal static class SimulcastSections
{
    private const string Mid = "urn:ietf:params:rtp-hdrext:sdes:mid";
    private const string Rid = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id";
    private const string RepairedRid = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id";

    /// <summary>An offer of one section with layers, as one section for each layer.</summary>
    public static string Split(string offer, IReadOnlyList<string> rids)
    {
        var (session, section) = Cut(offer);
        var number = NumberOf(section, Rid);
        string[] shown = [.. section.Where(line => !IsOfSimulcast(line) && !line.StartsWith("a=mid:", StringComparison.Ordinal) && !line.StartsWith("a=msid:", StringComparison.Ordinal))];
        var head = session.Select(line => line.StartsWith("a=group:BUNDLE", StringComparison.Ordinal) ? $"a=group:BUNDLE {string.Join(' ', rids)}" : line);
        return ToSdp([.. head, .. rids.SelectMany(rid => (string[])[.. shown, $"a=mid:{rid}", $"a=msid:- {rid}", $"a=extmap:{number} {Mid}"])]);
    }

    /// <summary>The answer to that, as an answer to <paramref name="offer"/> which takes all layers.</summary>
    public static string Join(string answer, string offer, IReadOnlyList<string> rids)
    {
        var (session, section) = Cut(answer);
        var (offeredSession, offered) = Cut(offer);
        var head = session.Select(line => line.StartsWith("a=group:BUNDLE", StringComparison.Ordinal)
            ? offeredSession.Single(other => other.StartsWith("a=group:BUNDLE", StringComparison.Ordinal))
            : line);
        return ToSdp(
        [
            .. head,
            .. section.Where(line => !IsOfSimulcast(line) && !line.StartsWith("a=mid:", StringComparison.Ordinal)),
            .. offered.Where(line => line.StartsWith("a=mid:", StringComparison.Ordinal) || (line.StartsWith("a=extmap:", StringComparison.Ordinal) && IsOfSimulcast(line))),
            .. rids.Select(rid => $"a=rid:{rid} recv"),
            $"a=simulcast:recv {string.Join(';', rids)}",
        ]);
    }

    private static bool IsOfSimulcast(string line) =>
        line.StartsWith("a=rid:", StringComparison.Ordinal) || line.StartsWith("a=simulcast:", StringComparison.Ordinal) ||
        line.EndsWith(Mid, StringComparison.Ordinal) || line.EndsWith(Rid, StringComparison.Ordinal) || line.EndsWith(RepairedRid, StringComparison.Ordinal);

    private static string NumberOf(IEnumerable<string> section, string uri) =>
        section.Single(line => line.StartsWith("a=extmap:", StringComparison.Ordinal) && line.EndsWith(uri, StringComparison.Ordinal))["a=extmap:".Length..].Split(' ', '/')[0];

    // The session's lines and those of the first section.
    private static (string[] Session, string[] Section) Cut(string sdp)
    {
        var lines = sdp.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var start = Array.FindIndex(lines, line => line.StartsWith("m=", StringComparison.Ordinal));
        var next = Array.FindIndex(lines, start + 1, line => line.StartsWith("m=", StringComparison.Ordinal));
        return (lines[..start], lines[start..(next < 0 ? lines.Length : next)]);
    }

    private static string ToSdp(IEnumerable<string> lines) => string.Concat(lines.Select(line => line + "\r\n"));
}
