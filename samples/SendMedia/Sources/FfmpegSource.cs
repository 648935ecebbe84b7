using System.ComponentModel;
using System.Diagnostics;
using System.Net.Sockets;
using WebRtcCore;
using WebRtcCore.Media.Ivf;

namespace SendMedia.Sources;

/// <summary>Whatever ffmpeg can read, encoded by it: a child process whose outputs come in over sockets in a folder that is nobody else's.</summary>
internal sealed class FfmpegSource : IMediaSource
{
    private const string Program = "ffmpeg";

    // What ffmpeg ends with where Ctrl-C has reached it, too.
    private const int InterruptedExitCode = 255;

    private readonly SendOptions _options;

    private FfmpegSource(SendOptions options, bool hasVideo, bool hasAudio)
    {
        _options = options;
        VideoMimeType = hasVideo ? $"video/{options.Codec}" : null;
        Layers = hasVideo ? options.Layers : [];
        HasAudio = hasAudio;
    }

    public string Description => _options.Source switch
    {
        "pattern" => "a test pattern",
        "microphone" or "camera" or "screen" => $"the {_options.Source}",
        _ => $"the file {Path.GetFileName(_options.Source)}",
    };

    public string? VideoMimeType { get; }

    public IReadOnlyList<VideoLayer> Layers { get; }

    public bool HasAudio { get; }

    /// <exception cref="SourceException">ffmpeg is absent, or cannot read the file.</exception>
    public static async Task<FfmpegSource> CreateAsync(SendOptions options)
    {
        switch (options.Source)
        {
            case "pattern":
                await RunAsync(Program, "-version");
                return new FfmpegSource(options, hasVideo: true, hasAudio: true);
            case "microphone":
                await RunAsync(Program, "-version");
                return new FfmpegSource(options, hasVideo: false, hasAudio: true);
            case "camera" or "screen":
                await RunAsync(Program, "-version");
                return new FfmpegSource(options, hasVideo: true, hasAudio: false);
        }

        string streams = await RunAsync("ffprobe", "-v", "error", "-show_entries", "stream=codec_type", "-of", "csv=p=0", $"file:{options.Source}");
        var source = new FfmpegSource(options, streams.Contains("video", StringComparison.Ordinal), streams.Contains("audio", StringComparison.Ordinal));
        return source.HasAudio || source.VideoMimeType is not null ? source : throw new SourceException($"{options.Source} has neither pictures nor sound.");
    }

    public async Task RunAsync(Action<SourceFrame> publish, CancellationToken stop)
    {
        var folder = Directory.CreateTempSubdirectory("sendmedia");
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var listeners = new List<Socket>();
        try
        {
            var video = Layers.Select((_, i) => Listen(folder, $"video{i}", listeners)).ToList();
            string? audio = HasAudio ? Listen(folder, "audio", listeners) : null;
            using var process = Start(Program, FfmpegArguments.Make(_options, video, audio));
            await using var kill = end.Token.Register(() => Kill(process));
            var reading = listeners.Select((listener, i) => ReadAsync(listener, i < video.Count ? i : null, publish, end.Token)).ToList();
            string error = await process.StandardError.ReadToEndAsync(CancellationToken.None);
            await process.WaitForExitAsync(CancellationToken.None);
            int exitCode = process.ExitCode;
            await end.CancelAsync();
            await Task.WhenAll(reading);
            stop.ThrowIfCancellationRequested();
            if (exitCode != InterruptedExitCode)
            {
                throw new SourceException($"ffmpeg has ended with {exitCode}. {LastLine(error)}");
            }
        }
        finally
        {
            listeners.ForEach(l => l.Dispose());
            folder.Delete(true);
        }
    }

    // Accepts the one connection, and reads it to its end.
    private static async Task ReadAsync(Socket listener, int? layer, Action<SourceFrame> publish, CancellationToken stop)
    {
        try
        {
            using var socket = await listener.AcceptAsync(stop);
            await using var stream = new BufferedStream(new NetworkStream(socket), 1 << 16);
            if (layer is null)
            {
                await foreach (var (frame, _) in OggSource.ReadPacketsAsync(stream, stop))
                {
                    publish(frame);
                }

                return;
            }

            var reader = await IvfReader.OpenAsync(stream, stop);
            await foreach (var frame in reader.ReadFramesAsync(stop))
            {
                publish(new SourceFrame(MediaKind.Video, layer.Value, frame.Data, reader.Header.ToTime(frame.Timestamp), frame.IsKeyFrame));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or InvalidDataException or SocketException)
        {
            // ffmpeg has ended, and says why.
        }
    }

    private static string Listen(DirectoryInfo folder, string name, List<Socket> listeners)
    {
        string path = Path.Combine(folder.FullName, name);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listeners.Add(socket);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        socket.Listen(1);
        return $"unix:{path}";
    }

    private static Process Start(string program, IReadOnlyList<string> arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        }
        catch (Win32Exception e)
        {
            throw new SourceException($"The program {program} was not found. It is in the package ffmpeg of Debian, Ubuntu, Fedora and Homebrew: apt install ffmpeg.", e);
        }
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Start(program, arguments);
        var error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new SourceException(LastLine(await error));
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    private static string LastLine(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "It gave no reason.";
}
