using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Arguments;
using Calls;
using VoiceAgent.Agents;

namespace VoiceAgent;

/// <summary>What the command line asks for.</summary>
internal sealed record VoiceOptions
{
    public const string Usage = $"""
        Talks with every browser that calls: hears when somebody has finished speaking, answers, and falls silent when it
        is interrupted.

        Usage: dotnet run --project samples/VoiceAgent -- [options]

          --agent NAME     what answers: melody (a few notes) or echo (what was said) (default melody)
          --codec NAME     what sound travels as: opus, g711, or auto, which is Opus where libopus is there (default auto)
          --hangover MS    the silence that ends a turn, 100 to 3000 (default 600)
          --threshold DB   how far above the background speech must be, 3 to 40 (default 10)
        {CallOptions.Usage}

        A real agent - speech recognition, a language model, speech synthesis - takes the place of these by
        implementing IVoiceAgent: it gets the PCM of each turn, and gives the PCM of its answer.
        """;

    public CallOptions Calls { get; private init; } = new();

    public string Agent { get; private init; } = VoiceAgentFactory.Melody;

    public string Codec { get; private init; } = VoiceCodec.Automatic;

    public TurnDetectorOptions Turns { get; private init; } = new();

    public bool ShowHelp { get; private init; }

    /// <summary>Reads the arguments; <paramref name="error"/> is a sentence where they make no sense.</summary>
    public static bool TryParse(string[] args, out VoiceOptions options, [NotNullWhen(false)] out string? error)
    {
        options = new VoiceOptions();
        if (!CommandLine.TrySplit(args, [], ["--agent", "--codec", "--hangover", "--threshold", .. CallOptions.Names], out var given, out error))
        {
            return false;
        }

        foreach (var (name, value) in given)
        {
            (options, error) = options.With(name, value);
            if (error is not null)
            {
                return false;
            }
        }

        return true;
    }

    private (VoiceOptions Options, string? Error) With(string name, string value)
    {
        bool isNumber = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number);
        switch (name)
        {
            case CommandLine.Help:
                return (this with { ShowHelp = true }, null);
            case "--agent":
                return (this with { Agent = value }, VoiceAgentFactory.Names.Contains(value) ? null : $"'{value}' is none of {string.Join(", ", VoiceAgentFactory.Names)}.");
            case "--codec":
                return (this with { Codec = value }, VoiceCodec.Names.Contains(value) ? null : $"'{value}' is none of {string.Join(", ", VoiceCodec.Names)}.");
            case "--hangover":
                return (this with { Turns = Turns with { HangOver = TimeSpan.FromMilliseconds(number) } }, isNumber && number is >= 100 and <= 3000 ? null : $"'{value}' is no number from 100 to 3000.");
            case "--threshold":
                return (this with { Turns = Turns with { ThresholdDecibels = number } }, isNumber && number is >= 3 and <= 40 ? null : $"'{value}' is no number from 3 to 40.");
            default:
                var (calls, error) = Calls.With(name, value);
                return (this with { Calls = calls }, error);
        }
    }
}
