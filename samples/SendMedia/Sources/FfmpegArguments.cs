using System.Globalization;

namespace SendMedia.Sources;

/// <summary>The command line of ffmpeg: one input, each layer encoded once and written as IVF, the sound as Ogg Opus, each to a socket.</summary>
internal static class FfmpegArguments
{
    private const int AudioBitrateBps = 64_000;

    /// <summary>Makes it.</summary>
    /// <param name="options">What is wanted.</param>
    /// <param name="video">Where each layer goes.</param>
    /// <param name="audio">Where the sound goes; <see langword="null"/> to leave it out.</param>
    public static IReadOnlyList<string> Make(SendOptions options, IReadOnlyList<string> video, string? audio)
    {
        List<string> arguments = ["-hide_banner", "-nostdin", "-loglevel", "error", "-fflags", "nobuffer", .. Input(options)];
        if (video.Count > 0)
        {
            arguments.AddRange(["-filter_complex", Filter(options)]);
        }

        for (int i = 0; i < video.Count; i++)
        {
            arguments.AddRange(["-map", $"[v{i}]", .. VideoEncoder(options.Codec, options.Layers[i].BitrateBps, options.FrameRate), "-flush_packets", "1", "-f", "ivf", video[i]]);
        }

        if (audio is not null)
        {
            // Packets of 20 ms, each in a page of its own, from time zero on and without gaps.
            arguments.AddRange(
            [
                "-map", options.Source == "pattern" ? "1:a" : "0:a", "-af", "aresample=async=1:first_pts=0", "-c:a", "libopus", "-b:a", Text(AudioBitrateBps), "-ac", "2", "-ar", "48000",
                "-application", "audio", "-frame_duration", "20", "-page_duration", "20000", "-flush_packets", "1", "-f", "ogg", audio,
            ]);
        }

        return arguments;
    }

    private static IEnumerable<string> Input(SendOptions options) => options.Source switch
    {
        "pattern" =>
        [
            "-re", "-f", "lavfi", "-i", $"testsrc2=size=1280x720:rate={options.FrameRate}",
            "-re", "-f", "lavfi", "-i", "sine=frequency=440:beep_factor=2:sample_rate=48000,volume=0.5",
        ],
        "microphone" => ["-f", "pulse", "-i", "default"],
        "camera" => ["-f", "v4l2", "-i", "/dev/video0"],
        "screen" => ["-f", "x11grab", "-framerate", Text(options.FrameRate), "-i", Environment.GetEnvironmentVariable("DISPLAY") is { Length: > 0 } display ? display : ":0"],
        _ => ["-re", "-stream_loop", "-1", "-i", $"file:{options.Source}"],
    };

    private static string Filter(SendOptions options)
    {
        int count = options.Layers.Count;
        string outputs = string.Concat(Enumerable.Range(0, count).Select(i => $"[s{i}]"));
        var scales = options.Layers.Select((l, i) => $"[s{i}]scale=-2:{l.Height}[v{i}]");
        return $"[0:v]fps={options.FrameRate},format=yuv420p,split={count}{outputs};{string.Join(';', scales)}";
    }

    // A constant bit rate, no look-ahead, and a key frame each second, in all layers at the same pictures.
    private static IEnumerable<string> VideoEncoder(string codec, long bitrateBps, int frameRate)
    {
        string[] tuning = codec switch
        {
            "VP8" => ["-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-lag-in-frames", "0", "-error-resilient", "1"],
            "VP9" => ["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-lag-in-frames", "0", "-row-mt", "1"],
            _ => ["-c:v", "libaom-av1", "-usage", "realtime", "-cpu-used", "10", "-lag-in-frames", "0", "-row-mt", "1"],
        };
        string rate = Text(bitrateBps);
        return
        [
            .. tuning,
            "-b:v", rate, "-minrate", rate, "-maxrate", rate, "-bufsize", Text(bitrateBps / 2), "-g", Text(frameRate), "-force_key_frames", "expr:gte(t,n_forced)",
        ];
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
