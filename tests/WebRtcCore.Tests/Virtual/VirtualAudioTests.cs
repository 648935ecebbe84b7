using System.Runtime.InteropServices;
using WebRtcCore.Media;
using WebRtcCore.Media.Opus;
using WebRtcCore.Rtp;
using WebRtcCore.Testing;

namespace WebRtcCore.Tests.Virtual;

/// <summary>PCM into one connection and out of the other, over a virtual network in virtual time.</summary>
public sealed class VirtualAudioTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly AudioFormat Mono16Khz = new(16_000, 1);

    [TestCase("audio/PCMU", 8_000)]
    [TestCase("audio/PCMA", 16_000)]
    [TestCase("audio/opus", 48_000)]
    [TestCase("audio/opus", 44_100)]
    public async Task A_tone_is_heard_on_the_other_side(string mimeType, int rate)
    {
        await using var peers = Open();
        var track = new MediaStreamTrack(MediaKind.Audio);
        await ConnectAsync(peers, track, mimeType);
        using var playout = peers.Pair.Answerer.GetReceivers()[0].OpenAudio(new AudioFormat(rate, 1));
        var heard = Talk(peers, track, playout, new Tone(rate, 440), TimeSpan.FromSeconds(2));

        Assert.That(Tone.GetShare(CollectionsMarshal.AsSpan(heard)[rate..], rate, 440), Is.GreaterThan(0.95));
        Assert.That(playout.GetStats().ConcealedSamples, Is.Zero);
    }

    [Test]
    public async Task Loss_and_jitter_are_hidden_and_counted()
    {
        await using var peers = Open(LinkConditions.Good with { Delay = TimeSpan.FromMilliseconds(30), Jitter = TimeSpan.FromMilliseconds(40), LossRate = 0.15 });
        var track = new MediaStreamTrack(MediaKind.Audio);
        await ConnectAsync(peers, track, "audio/opus");
        using var playout = peers.Pair.Answerer.GetReceivers()[0].OpenAudio(Mono16Khz);
        var heard = Talk(peers, track, playout, new Tone(16_000, 440), TimeSpan.FromSeconds(20));
        var stats = await StatsAsync<InboundRtpStreamStats>(peers, peers.Pair.Answerer);

        Assert.That(Tone.GetLevel(CollectionsMarshal.AsSpan(heard)[16_000..]), Is.GreaterThan(4000));
        Assert.That(stats.ConcealedSamples, Is.Positive);
        Assert.That((double)stats.ConcealedSamples! / (double)stats.TotalSamplesReceived!, Is.LessThan(0.16));
        Assert.That(stats.JitterBufferDelay / stats.JitterBufferEmittedCount!.Value, Is.LessThan(TimeSpan.FromMilliseconds(150)));
        Assert.That(playout.GetStats().PacketsRecovered, Is.Positive, "from in-band redundancy, once the peer's reports tell of the loss");
        var source = await StatsAsync<AudioSourceStats>(peers, peers.Pair.Offerer);
        Assert.That(source.AudioLevel, Is.EqualTo(10_000 / Math.Sqrt(2) / 32_767).Within(5).Percent);
        Assert.That(source.TotalSamplesDuration, Is.GreaterThan(TimeSpan.FromSeconds(19)));
    }

    [Test]
    public async Task Sound_of_any_size_and_format_may_be_written()
    {
        await using var peers = Open();
        var track = new MediaStreamTrack(MediaKind.Audio);
        await ConnectAsync(peers, track, "audio/opus");
        using var playout = peers.Pair.Answerer.GetReceivers()[0].OpenAudio(Mono16Khz);
        var heard = new List<short>();
        var tone = new Tone(44_100, 440, channels: 2);
        var random = new Random(1);
        var written = 0.0;
        for (var ms = 0; ms < 2000; ms += 10)
        {
            while (written < ms / 1000.0)
            {
                var size = random.Next(1, 1500);
                track.WriteAudio(tone.Next(size).Select(sample => sample / 32768f).ToArray(), new AudioFormat(44_100, 2));
                written += size / 44_100.0;
            }

            peers.RunUntil(() => false, TimeSpan.FromMilliseconds(10));
            Read(playout, heard);
        }

        Assert.That(Tone.GetShare(CollectionsMarshal.AsSpan(heard)[16_000..], 16_000, 440), Is.GreaterThan(0.95));
    }

    [Test]
    public async Task Frames_pass_the_transforms_of_both_sides()
    {
        await using var peers = Open();
        var track = new MediaStreamTrack(MediaKind.Audio);
        await ConnectAsync(peers, track, "audio/PCMU");
        var receiver = peers.Pair.Answerer.GetReceivers()[0];
        peers.Pair.Offerer.GetSenders()[0].Transform = frame => frame with { Data = frame.Data.ToArray().Select(b => (byte)(b ^ 0x5A)).ToArray() };
        using var playout = receiver.OpenAudio(Mono16Khz);
        var garbled = Talk(peers, track, playout, new Tone(16_000, 440), TimeSpan.FromSeconds(1));
        receiver.Transform = frame => frame with { Data = frame.Data.ToArray().Select(b => (byte)(b ^ 0x5A)).ToArray() };
        var clear = Talk(peers, track, playout, new Tone(16_000, 440), TimeSpan.FromSeconds(1));
        receiver.Transform = _ => null;
        var nothing = Talk(peers, track, playout, new Tone(16_000, 440), TimeSpan.FromSeconds(1));

        Assert.That(Tone.GetShare(CollectionsMarshal.AsSpan(garbled)[8_000..], 16_000, 440), Is.LessThan(0.9));
        Assert.That(Tone.GetShare(CollectionsMarshal.AsSpan(clear)[8_000..], 16_000, 440), Is.GreaterThan(0.99));
        Assert.That(Tone.GetLevel(CollectionsMarshal.AsSpan(nothing)[8_000..]), Is.Zero);
    }

    [Test]
    public async Task The_level_of_what_is_written_is_read_on_the_other_side_as_are_those_who_were_mixed_in()
    {
        await using var peers = Open();
        var track = new MediaStreamTrack(MediaKind.Audio);
        await ConnectAsync(peers, track, "audio/opus");
        var receiver = peers.Pair.Answerer.GetReceivers()[0];
        using var playout = receiver.OpenAudio(Mono16Khz);
        peers.Pair.Offerer.GetSenders()[0].Transform = frame => frame with { ContributingSources = [new(new Ssrc(7), 20), new(new Ssrc(8), 127)] };
        Talk(peers, track, playout, new Tone(16_000, 440), TimeSpan.FromSeconds(1));
        var source = receiver.GetSynchronizationSources().Single();
        var contributors = receiver.GetContributingSources().ToDictionary(s => s.Source, s => s.AudioLevel);

        Assert.That(20 * Math.Log10(source.AudioLevel!.Value), Is.EqualTo(-13.3).Within(0.6), "a tone of amplitude 10,000");
        Assert.That(source.VoiceActivityFlag, Is.True);
        Assert.That(contributors[7], Is.EqualTo(0.1).Within(1e-6));
        Assert.That(contributors[8], Is.Zero);
    }

    [Test]
    public async Task What_a_reader_was_given_is_in_the_statistics()
    {
        await using var peers = Open();
        var track = new MediaStreamTrack(MediaKind.Audio);
        await ConnectAsync(peers, track, "audio/opus");
        Assert.That((await peers.Pair.Answerer.GetStatsAsync()).GetAll<AudioPlayoutStats>(), Is.Empty);
        using var playout = peers.Pair.Answerer.GetReceivers()[0].OpenAudio(Mono16Khz);
        Talk(peers, track, playout, new Tone(16_000, 440), TimeSpan.FromSeconds(1));
        var inbound = await StatsAsync<InboundRtpStreamStats>(peers, peers.Pair.Answerer);
        var stats = await StatsAsync<AudioPlayoutStats>(peers, peers.Pair.Answerer);

        Assert.That(inbound.PlayoutId, Is.EqualTo(stats.Id));
        Assert.That(stats.Kind, Is.EqualTo(MediaKind.Audio));
        Assert.That(stats.TotalSamplesCount, Is.EqualTo(16_000));
        Assert.That(stats.TotalSamplesDuration, Is.EqualTo(TimeSpan.FromSeconds(1)));
        Assert.That(stats.SynthesizedSamplesDuration, Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public async Task There_is_one_reader_at_a_time()
    {
        await using var peers = Open();
        var receiver = peers.Pair.Offerer.AddTransceiver(MediaKind.Audio).Receiver;
        using (receiver.OpenAudio(Mono16Khz))
        {
            Assert.That(() => receiver.OpenAudio(Mono16Khz), Throws.InvalidOperationException);
            Assert.That(() => receiver.SetAudioHandler(Mono16Khz, (_, _, _) => { }), Throws.InvalidOperationException);
        }

        receiver.SetAudioHandler(Mono16Khz, (_, _, _) => { });
        receiver.SetAudioHandler(Mono16Khz, (_, _, _) => { });
        receiver.SetAudioHandler(Mono16Khz, null);
        var playout = receiver.OpenAudio(Mono16Khz);
        playout.Dispose();
        Assert.That(() => playout.Read(new short[160]), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => receiver.ReadPicturesAsync(), Throws.InvalidOperationException);
    }

    [Test]
    public async Task What_cannot_be_written_is_refused()
    {
        await using var peers = Open();
        var audio = new MediaStreamTrack(MediaKind.Audio);
        var remote = peers.Pair.Offerer.AddTransceiver(MediaKind.Audio).Receiver.Track;

        Assert.That(() => audio.WritePicture(new VideoPicture(2, 2)), Throws.InvalidOperationException);
        Assert.That(() => new MediaStreamTrack(MediaKind.Video).WriteAudio(new short[160], Mono16Khz), Throws.InvalidOperationException);
        Assert.That(() => remote.WriteAudio(new short[160], Mono16Khz), Throws.InvalidOperationException);
        Assert.That(() => audio.WriteAudio(new short[161], AudioFormat.Stereo48Khz), Throws.ArgumentException);
        Assert.That(() => audio.WriteAudio(new short[160], default), Throws.ArgumentException);
    }

    private static VirtualPeers Open(LinkConditions? conditions = null) => new(
        conditions ?? LinkConditions.Good with { Delay = TimeSpan.FromMilliseconds(20) },
        configure: options => options with { AudioCodecs = [new OpusCodec(), .. options.AudioCodecs] });

    private static async Task ConnectAsync(VirtualPeers peers, MediaStreamTrack track, string mimeType)
    {
        peers.Pair.Offerer.AddTrack(track);
        peers.Pair.Offerer.GetTransceivers()[0].SetCodecPreferences([.. RtpSender.GetCapabilities(MediaKind.Audio).Codecs.Where(codec => codec.MimeType == mimeType)]);
        await peers.ConnectAsync(Minute);
    }

    private static List<short> Talk(VirtualPeers peers, MediaStreamTrack track, AudioPlayout playout, Tone tone, TimeSpan duration)
    {
        var heard = new List<short>();
        for (var elapsed = TimeSpan.Zero; elapsed < duration; elapsed += TimeSpan.FromMilliseconds(10))
        {
            track.WriteAudio(tone.Next(playout.Format.SamplesPer10Ms), playout.Format);
            peers.RunUntil(() => false, TimeSpan.FromMilliseconds(10));
            Read(playout, heard);
        }

        return heard;
    }

    private static void Read(AudioPlayout playout, List<short> heard)
    {
        var samples = new short[playout.FrameLength];
        playout.Read(samples);
        heard.AddRange(samples);
    }

    private static async Task<TStats> StatsAsync<TStats>(VirtualPeers peers, PeerConnection connection)
        where TStats : RtcStats
    {
        var report = connection.GetStatsAsync();
        peers.RunUntil(() => report.IsCompleted, Minute);
        return (await report).GetAll<TStats>().Single();
    }
}
