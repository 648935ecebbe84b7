using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Arguments;
using Calls;

namespace RecordToFile;

/// <summary>What the command line asks for.</summary>
internal sealed record RecordOptions
{
    public const string Usage = $"""
        Records the camera and microphone of every browser that calls, each into a file of its own.

        Usage: dotnet run --project samples/RecordToFile -- [options]

          --output DIR     where the recordings go (default recordings)
          --codec NAME     the video codec to ask browsers for: VP8, VP9, AV1 or H264 (default VP8)
          --limit MB       a recording ends at this size (default 2048)
        {CallOptions.Usage}

        VP8, VP9 and AV1 with Opus become WebM, all else Matroska (.mkv). A file goes on through pauses, and through
        changes of the picture's size where its codec allows that; H.264 begins a new file.
        """;

    private static readonly string[] Codecs = ["VP8", "VP9", "AV1", "H264"];

    public CallOptions Calls { get; private init; } = new();

    public string OutputDirectory { get; private init; } = "recordings";

    public string Codec { get; private init; } = "VP8";

    /// <summary>The most bytes of one recording.</summary>
    public long MaxBytes { get; private init; } = 2048L << 20;

    public bool ShowHelp { get; private init; }

    /// <summary>Reads the arguments; <paramref name="error"/> is a sentence where they make no sense.</summary>
    public static bool TryParse(string[] args, out RecordOptions options, [NotNullWhen(false)] out string? error)
    {
        options = new RecordOptions();
        if (!CommandLine.TrySplit(args, [], ["--output", "--codec", "--limit", .. CallOptions.Names], out var given, out error))
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

    private (RecordOptions Options, string? Error) With(string name, string value)
    {
        switch (name)
        {
            case CommandLine.Help:
                return (this with { ShowHelp = true }, null);
            case "--output":
                return (this with { OutputDirectory = value }, null);
            case "--codec":
                string codec = value.ToUpperInvariant();
                return (this with { Codec = codec }, Codecs.Contains(codec) ? null : $"'{value}' is none of {string.Join(", ", Codecs)}.");
            case "--limit":
                bool isNumber = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int megabytes) && megabytes > 0;
                return (this with { MaxBytes = (long)megabytes << 20 }, isNumber ? null : $"'{value}' is no number of megabytes.");
            default:
                var (calls, error) = Calls.With(name, value);
                return (this with { Calls = calls }, error);
        }
    }
}
