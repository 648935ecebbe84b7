using System.Globalization;
using System.Text.Json;
using WebRtcCore.Interop.Tests.Harness;
using WebRtcCore.Media.Audio;
using WebRtcCore.Media.Ivf;
using WebRtcCore.Media.Matroska;
using WebRtcCore.Media.Ogg;
using WebRtcCore.Media.Tests;
using WebRtcCore.Media.Wav;
using WebRtcCore.Rtp.Payloads;

namespace WebRtcCore.Interop.Tests.Media;

/// <summary>Files written from recorded calls, looked at and decoded by FFmpeg.</summary>
[Category("Peers")]
public sealed class FfprobeTests
{
    private string _path = "";

    [SetUp]
    public void MakePath() => _path = Path.Combine(Path.GetTempPath(), $"webrtccore-{Guid.NewGuid():N}");

    [TearDown]
    public void Delete() => File.Delete(_path);

    [TestCase("plain-av-vp8.pcap", "video/VP8", 96, MatroskaCodec.Vp8, "vp8", "matroska,webm")]
    [TestCase("plain-av-vp9.pcap", "video/VP9", 98, MatroskaCodec.Vp9, "vp9", "matroska,webm")]
    [TestCase("plain-av-av1.pcap", "video/AV1", 45, MatroskaCodec.Av1, "av1", "matroska,webm")]
    [TestCase("plain-av-h264.pcap", "video/H264", 102, MatroskaCodec.H264, "h264", "matroska,webm")]
    public async Task A_recorded_call_plays(string file, string mimeType, byte payloadType, MatroskaCodec codec, string name, string format)
    {
        Peers.Require("ffprobe");
        var video = CapturedFrames.Read(file, mimeType, payloadType);
        var audio = CapturedFrames.Read("plain-audio-opus.pcap", "audio/opus", 111);
        await using (var stream = File.Create(_path))
        {
            var writer = new MatroskaWriter(stream);
            var (videoTrack, audioTrack) = (writer.AddTrack(codec), writer.AddTrack(MatroskaCodec.Opus));
            var all = video.Select(f => (Track: videoTrack, Time: CapturedFrames.TimeOf(f, video[0], 90_000), Frame: f))
                .Concat(audio.Select(f => (Track: audioTrack, Time: CapturedFrames.TimeOf(f, audio[0], 48_000), Frame: f)))
                .OrderBy(f => f.Time);
            foreach (var (track, time, frame) in all)
            {
                await writer.WriteAsync(track, time, frame.Data, frame.IsKeyFrame);
            }

            await writer.CompleteAsync();
            Assert.That(videoTrack.FramesDropped + audioTrack.FramesDropped, Is.Zero);
        }

        using var report = await ProbeAsync();
        var streams = report.RootElement.GetProperty("streams");
        Assert.That(report.RootElement.GetProperty("format").GetProperty("format_name").GetString(), Is.EqualTo(format));
        Assert.That(streams[0].GetProperty("codec_name").GetString(), Is.EqualTo(name));
        Assert.That(streams[0].GetProperty("width").GetInt32(), Is.EqualTo(640));
        Assert.That(streams[0].GetProperty("height").GetInt32(), Is.EqualTo(480));
        Assert.That(CountOf(streams[0]), Is.EqualTo(video.Count));
        Assert.That(streams[1].GetProperty("codec_name").GetString(), Is.EqualTo("opus"));
        Assert.That(CountOf(streams[1]), Is.EqualTo(audio.Count));
        var seconds = Math.Max(LengthOf(video, 90_000), LengthOf(audio, 48_000));
        Assert.That(DurationOf(report), Is.EqualTo(seconds).Within(0.1));
        await DecodeAsync();
    }

    [Test]
    public async Task An_ogg_file_plays_for_as_long_as_its_packets_last()
    {
        Peers.Require("ffprobe");
        var audio = CapturedFrames.Read("plain-audio-opus.pcap", "audio/opus", 111);
        await using (var stream = File.Create(_path))
        await using (var writer = new OggOpusWriter(stream))
        {
            foreach (var frame in audio)
            {
                await writer.WriteAsync(frame.Data);
            }

            await writer.WriteLossAsync(TimeSpan.FromMilliseconds(100));
            await writer.WriteAsync(audio[0].Data);
        }

        using var report = await ProbeAsync();
        Assert.That(report.RootElement.GetProperty("format").GetProperty("format_name").GetString(), Is.EqualTo("ogg"));
        Assert.That(DurationOf(report), Is.EqualTo((audio.Count + 6) * 0.02).Within(0.03));
        await DecodeAsync();
    }

    [Test]
    public async Task An_ivf_file_plays()
    {
        Peers.Require("ffprobe");
        var video = CapturedFrames.Read("plain-av-vp9.pcap", "video/VP9", 98);
        await using (var stream = File.Create(_path))
        await using (var writer = new IvfWriter(stream, new IvfHeader("VP90", 640, 480)))
        {
            foreach (var frame in video)
            {
                await writer.WriteAsync(new IvfFrame(frame.Data, frame.TimestampTicks - video[0].TimestampTicks));
            }
        }

        using var report = await ProbeAsync();
        Assert.That(report.RootElement.GetProperty("format").GetProperty("format_name").GetString(), Is.EqualTo("ivf"));
        Assert.That(CountOf(report.RootElement.GetProperty("streams")[0]), Is.EqualTo(video.Count));
        await DecodeAsync();
    }

    [Test]
    public async Task Wav_files_with_both_laws_sound_alike()
    {
        Peers.Require("ffprobe");
        var samples = Enumerable.Range(0, 8_000).Select(i => (short)(12_000 * Math.Sin(i * 0.3))).ToArray();
        var encoded = new byte[samples.Length];
        foreach (var encoding in new[] { WavEncoding.MuLaw, WavEncoding.ALaw })
        {
            if (encoding == WavEncoding.MuLaw)
            {
                MuLaw.Encode(samples, encoded);
            }
            else
            {
                ALaw.Encode(samples, encoded);
            }

            await using (var stream = File.Create(_path))
            await using (var writer = new WavWriter(stream, new WavFormat(8_000, 1, encoding)))
            {
                await writer.WriteAsync(encoded);
            }

            using var report = await ProbeAsync();
            Assert.That(DurationOf(report), Is.EqualTo(1.0).Within(0.001));
            var decoded = await MediaProbe.RunAsync("ffmpeg", "-v", "error", "-i", _path, "-f", "s16le", "-");
            Assert.That(decoded, Has.Length.EqualTo(16_000));
            for (var i = 0; i < samples.Length; i++)
            {
                Assert.That(BitConverter.ToInt16(decoded, 2 * i), Is.EqualTo(samples[i]).Within(520), $"{encoding}, sample {i}");
            }
        }
    }

    private static double LengthOf(List<RtpAssembledFrame> frames, int clockRate) => CapturedFrames.TimeOf(frames[^1], frames[0], clockRate).TotalSeconds;

    private static int CountOf(JsonElement stream) => int.Parse(stream.GetProperty("nb_read_packets").GetString()!, CultureInfo.InvariantCulture);

    private static double DurationOf(JsonDocument report) =>
        double.Parse(report.RootElement.GetProperty("format").GetProperty("duration").GetString()!, CultureInfo.InvariantCulture);

    private async Task<JsonDocument> ProbeAsync() =>
        JsonDocument.Parse(await MediaProbe.RunAsync("ffprobe", "-v", "error", "-count_packets", "-show_streams", "-show_format", "-of", "json", _path));

    // Decodes everything; whatever FFmpeg has to say is a failure.
    private async Task DecodeAsync() => await MediaProbe.RunAsync("ffmpeg", "-v", "warning", "-i", _path, "-f", "null", "-");
}
