using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace WebRtcCore.Interop.Tests.Harness;

/// <summary>A media file as FFmpeg sees it.</summary>
internal sealed class MediaProbe : IDisposable
{
    private readonly JsonDocument _report;

    private MediaProbe(JsonDocument report) => _report = report;

    public string Format => _report.RootElement.GetProperty("format").GetProperty("format_name").GetString()!;

    /// <summary>In seconds.</summary>
    public double Duration => double.Parse(_report.RootElement.GetProperty("format").GetProperty("duration").GetString()!, CultureInfo.InvariantCulture);

    public IReadOnlyList<JsonElement> Streams => [.. _report.RootElement.GetProperty("streams").EnumerateArray()];

    public IReadOnlyList<string> Codecs => [.. Streams.Select(s => s.GetProperty("codec_name").GetString()!)];

    /// <summary>Reads a file; whatever FFprobe has to complain about is a failure.</summary>
    public static async Task<MediaProbe> ReadAsync(string path)
    {
        Peers.Require("ffprobe");
        return new MediaProbe(JsonDocument.Parse(await RunAsync("ffprobe", "-v", "error", "-count_packets", "-show_streams", "-show_format", "-of", "json", path)));
    }

    /// <summary>Decodes everything; whatever FFmpeg has to say is a failure. Pictures keep their times: a camera on a busy machine is not even.</summary>
    public static async Task DecodeAsync(string path) => await RunAsync("ffmpeg", "-v", "error", "-i", path, "-enc_time_base:v", "1:1000", "-f", "null", "-");

    /// <summary>Runs a program that must end well and say nothing, and returns what it writes.</summary>
    public static async Task<byte[]> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true })!;
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        using var output = new MemoryStream();
        await process.StandardOutput.BaseStream.CopyToAsync(output);
        await process.WaitForExitAsync();
        Assert.That((process.ExitCode, await errors), Is.EqualTo((0, "")), $"{program} {string.Join(' ', arguments)}");
        return output.ToArray();
    }

    /// <summary>How many packets a stream has.</summary>
    public int CountPackets(int stream) => int.Parse(Streams[stream].GetProperty("nb_read_packets").GetString()!, CultureInfo.InvariantCulture);

    public void Dispose() => _report.Dispose();
}
