using System.Globalization;

namespace IceTrickle;

/// <summary>Gathers once, and writes a table or lines of JSON.</summary>
internal static class ConsoleReport
{
    /// <summary>Runs to the end, and returns the exit code.</summary>
    public static async Task<int> RunAsync(TrickleOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        var gathering = new Gathering(options.Request, options.ConnectionOptions, options.TimeLimit);
        var (isGood, isFirst) = (false, true);
        await foreach (var happened in gathering.RunAsync(cancellationToken))
        {
            if (isFirst && !options.IsJson)
            {
                await output.WriteLineAsync(Format("ms", "type", "protocol", "address", "priority", "server"));
            }

            isFirst = false;
            await output.WriteLineAsync(options.IsJson ? happened.ToJson() : Line(happened));
            isGood = happened.Ok ?? false;
        }

        return isGood ? 0 : 1;
    }

    private static string Line(TrickleEvent happened)
    {
        var time = happened.TimeMs.ToString("0.0", CultureInfo.InvariantCulture);
        return happened.Event switch
        {
            TrickleEvent.CandidateKind => Format(
                time,
                happened.Type,
                happened.RelayProtocol is { } relay ? $"{happened.Protocol}/{relay}" : happened.Protocol,
                EndPoint(happened.Address, happened.Port),
                happened.Priority?.ToString(CultureInfo.InvariantCulture),
                happened.Url),
            TrickleEvent.ErrorKind => Format(time, "error", happened.Code?.ToString(CultureInfo.InvariantCulture), happened.Text, null, happened.Url),
            TrickleEvent.ServerKind => $"{(happened.Ok == true ? "ok    " : "FAILED")}  {happened.Url} {happened.Text}",
            _ => $"{happened.Text} {time} ms",
        };
    }

    private static string EndPoint(string? address, int? port) =>
        address?.Contains(':', StringComparison.Ordinal) == true ? $"[{address}]:{port}" : $"{address}:{port}";

    private static string Format(string time, string? type, string? protocol, string? address, string? priority, string? server) =>
        string.Create(CultureInfo.InvariantCulture, $"{time,8}  {type,-6} {protocol,-8} {address,-44} {priority,10}  {server}").TrimEnd();
}
