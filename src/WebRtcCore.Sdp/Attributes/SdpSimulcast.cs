namespace WebRtcCore.Sdp;

/// <summary><c>a=simulcast:send h;m;l recv ...</c> (RFC 8853 5.1). Streams are separated by semicolons, alternatives of one by commas.</summary>
/// <param name="Send">The streams that the description's sender sends, each with its alternatives; empty where it sends none.</param>
/// <param name="Receive">The streams that it is ready to receive.</param>
public sealed record SdpSimulcast(
    IReadOnlyList<IReadOnlyList<SdpSimulcastStream>> Send,
    IReadOnlyList<IReadOnlyList<SdpSimulcastStream>> Receive) : ISdpAttribute<SdpSimulcast>
{
    /// <inheritdoc/>
    public static string AttributeName => "simulcast";

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> value, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out SdpSimulcast? attribute)
    {
        attribute = null;
        List<IReadOnlyList<SdpSimulcastStream>>? send = null;
        List<IReadOnlyList<SdpSimulcastStream>>? receive = null;
        var reader = new SdpFieldReader(value);
        while (reader.TryRead(out var direction))
        {
            if (!reader.TryRead(out var list) || !TryParseStreams(list, out var streams))
            {
                return false;
            }

            // RFC 8853 5.1: each direction at most once.
            switch (direction)
            {
                case "send" when send is null:
                    send = streams;
                    break;
                case "recv" when receive is null:
                    receive = streams;
                    break;
                default:
                    return false;
            }
        }

        if (send is null && receive is null)
        {
            return false;
        }

        attribute = new SdpSimulcast(send ?? [], receive ?? []);
        return true;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A rid is not an id.</exception>
    public string ToValue()
    {
        var send = Send.Count == 0 ? "" : "send " + FormatStreams(Send);
        var receive = Receive.Count == 0 ? "" : "recv " + FormatStreams(Receive);
        return send.Length > 0 && receive.Length > 0 ? $"{send} {receive}" : send + receive;
    }

    internal static bool IsWellFormed(ReadOnlySpan<char> value) => TryParse(value, out _);

    private static bool TryParseStreams(ReadOnlySpan<char> list, out List<IReadOnlyList<SdpSimulcastStream>> streams)
    {
        streams = [];
        foreach (var part in list.Split(';'))
        {
            var alternatives = new List<SdpSimulcastStream>();
            var stream = list[part];
            foreach (var alternativePart in stream.Split(','))
            {
                var rid = stream[alternativePart];
                var isPaused = rid.StartsWith('~');
                rid = isPaused ? rid[1..] : rid;
                if (!SdpRid.IsId(rid))
                {
                    return false;
                }

                alternatives.Add(new SdpSimulcastStream(rid.ToString(), isPaused));
            }

            streams.Add(alternatives);
        }

        return true;
    }

    private static string FormatStreams(IReadOnlyList<IReadOnlyList<SdpSimulcastStream>> streams) =>
        string.Join(';', streams.Select(alternatives => string.Join(',', alternatives.Select(FormatStream))));

    private static string FormatStream(SdpSimulcastStream stream) =>
        (stream.IsPaused ? "~" : "") + SdpText.RequireToken(stream.Rid, nameof(stream.Rid));
}
