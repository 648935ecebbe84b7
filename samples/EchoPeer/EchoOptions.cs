using System.Diagnostics.CodeAnalysis;
using Arguments;
using Calls;

namespace EchoPeer;

/// <summary>What the command line asks for.</summary>
internal sealed record EchoOptions
{
    public const string Usage = $$"""
        Returns the audio, video and messages of every browser that calls.

        Usage: dotnet run --project samples/EchoPeer -- [options]

        {{CallOptions.Usage}}

        The page uses the WebSocket /signal. Programs may POST a complete offer, {"type":"offer","sdp":"..."},
        to /offer and receive the complete answer.
        """;

    public CallOptions Calls { get; private init; } = new();

    public bool ShowHelp { get; private init; }

    /// <summary>Reads the arguments; <paramref name="error"/> is a sentence where they make no sense.</summary>
    public static bool TryParse(string[] args, out EchoOptions options, [NotNullWhen(false)] out string? error)
    {
        options = new EchoOptions();
        if (!CommandLine.TrySplit(args, [], CallOptions.Names, out var given, out error))
        {
            return false;
        }

        foreach (var (name, value) in given)
        {
            if (name == CommandLine.Help)
            {
                options = options with { ShowHelp = true };
                continue;
            }

            (var calls, error) = options.Calls.With(name, value);
            options = options with { Calls = calls };
            if (error is not null)
            {
                return false;
            }
        }

        return true;
    }
}
