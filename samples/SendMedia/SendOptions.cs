using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Arguments;
using Calls;

namespace SendMedia;

/// <summary>What the command line asks for.</summary>
internal sealed record SendOptions
{
    public const string Usage = $"""
        Shows a file, a test pattern, a microphone, a camera or the screen to any number of browsers, live.

        Usage: dotnet run --project samples/SendMedia -- [options]

          --source WHAT    pattern, microphone, camera, screen or a file (default pattern)
          --codec NAME     the video codec: VP8, VP9 or AV1 (default VP8)
          --layers LIST    the sizes to encode at once, as height:kbit/s, smallest first
                           (default 180:150,360:450,720:1300)
          --rate N         pictures per second, 1 to 60 (default 25)
          --limit N        browsers at once (default 100)
        {CallOptions.Usage}

        Each layer is encoded once, for all viewers; each viewer gets the largest that its network carries, and changes
        at key frames, of which there is one a second. IVF (VP8, VP9, AV1), Ogg Opus (.ogg, .opus) and H.264 (.h264)
        are sent as they are; everything else goes through the program ffmpeg, which must be installed. Files begin
        anew when they end. Microphone, camera and screen are taken from PulseAudio, Video4Linux and X11.
        """;

    private const int MaxLayers = 4;

    private static readonly string[] Codecs = ["VP8", "VP9", "AV1"];

    public CallOptions Calls { get; private init; } = new();

    public string Source { get; private init; } = "pattern";

    public string Codec { get; private init; } = "VP8";

    public IReadOnlyList<VideoLayer> Layers { get; private init; } = [new(180, 150_000), new(360, 450_000), new(720, 1_300_000)];

    public int FrameRate { get; private init; } = 25;

    public int MaxViewers { get; private init; } = 100;

    public bool ShowHelp { get; private init; }

    /// <summary>Reads the arguments; <paramref name="error"/> is a sentence where they make no sense.</summary>
    public static bool TryParse(string[] args, out SendOptions options, [NotNullWhen(false)] out string? error)
    {
        options = new SendOptions();
        if (!CommandLine.TrySplit(args, [], ["--source", "--codec", "--layers", "--rate", "--limit", .. CallOptions.Names], out var given, out error))
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

    private (SendOptions Options, string? Error) With(string name, string value)
    {
        switch (name)
        {
            case CommandLine.Help:
                return (this with { ShowHelp = true }, null);
            case "--source":
                bool exists = value is "pattern" or "microphone" or "camera" or "screen" || File.Exists(value);
                return (this with { Source = value }, exists ? null : $"'{value}' is neither pattern, microphone, camera or screen nor a file.");
            case "--codec":
                string codec = value.ToUpperInvariant();
                return (this with { Codec = codec }, Codecs.Contains(codec) ? null : $"'{value}' is none of {string.Join(", ", Codecs)}.");
            case "--layers":
                return TryParseLayers(value, out var layers)
                    ? (this with { Layers = layers }, null)
                    : (this, $"'{value}' is no list like 180:150,360:450 of one to {MaxLayers} layers, each larger than the one before.");
            case "--rate":
                return TryParseNumber(value, 60, out int rate) ? (this with { FrameRate = rate }, null) : (this, $"'{value}' is no number from 1 to 60.");
            case "--limit":
                return TryParseNumber(value, CallRegistry.Limit, out int limit)
                    ? (this with { MaxViewers = limit }, null)
                    : (this, $"'{value}' is no number from 1 to {CallRegistry.Limit}.");
            default:
                var (calls, error) = Calls.With(name, value);
                return (this with { Calls = calls }, error);
        }
    }

    private static bool TryParseLayers(string value, out List<VideoLayer> layers)
    {
        layers = [];
        foreach (string item in value.Split(','))
        {
            // Encoders want even sizes.
            if (item.Split(':') is not [var height, var kilobits] || !TryParseNumber(height, 2160, out int pixels) || pixels % 2 != 0
                || !TryParseNumber(kilobits, 50_000, out int rate) || layers is [.., var last] && (pixels < last.Height || 1000L * rate <= last.BitrateBps))
            {
                return false;
            }

            layers.Add(new VideoLayer(pixels, 1000L * rate));
        }

        return layers.Count <= MaxLayers;
    }

    private static bool TryParseNumber(string value, int max, out int number) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= 1 && number <= max;
}
