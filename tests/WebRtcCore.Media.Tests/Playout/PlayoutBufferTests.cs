using System.Runtime.InteropServices;
using WebRtcCore.Media.Playout;
using WebRtcCore.Testing;

namespace WebRtcCore.Media.Tests.Playout;

/// <summary>Sound over a bad network, in virtual time: how much is made up, how late it is, and whether it clicks.</summary>
public sealed class PlayoutBufferTests
{
    private static readonly TimeSpan Start = TimeSpan.FromSeconds(2);

    [Test]
    public void A_steady_network_is_played_as_it_was_sent_and_hardly_delayed()
    {
        using var run = new PlayoutRun(1);
        run.Run(Start);
        run.Forget();
        run.Run(TimeSpan.FromSeconds(30));
        Report(run);

        Assert.That(run.Stats.ConcealedSamples, Is.Zero);
        Assert.That(run.MeanDelay, Is.LessThan(TimeSpan.FromMilliseconds(60)));
        Assert.That(run.MaxStep, Is.LessThan(run.Source.MaxStep * 1.2));
        Assert.That(Share(run), Is.GreaterThan(0.999));
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public void Packets_up_to_100_ms_late_are_waited_for(int seed)
    {
        using var run = new PlayoutRun(seed) { Jitter = TimeSpan.FromMilliseconds(100) };
        run.Run(TimeSpan.FromSeconds(10));
        var before = run.Stats;
        run.Forget();
        run.Run(TimeSpan.FromSeconds(60));
        Report(run);
        var concealed = (double)(run.Stats.ConcealedSamples - before.ConcealedSamples) / (run.Stats.TotalSamplesReceived - before.TotalSamplesReceived);

        Assert.That(concealed, Is.LessThan(0.02));
        Assert.That(run.MaxStep, Is.LessThan(run.Source.MaxStep * 3));
        Assert.That(run.MaxDelay, Is.LessThan(TimeSpan.FromMilliseconds(250)));
        Assert.That(run.Stats.TargetDelay, Is.InRange(TimeSpan.FromMilliseconds(90), TimeSpan.FromMilliseconds(140)));
    }

    [TestCase(0.02)]
    [TestCase(0.05)]
    [TestCase(0.10)]
    public void Lost_packets_are_made_up_and_nothing_more(double lossRate)
    {
        using var run = new PlayoutRun((int)(lossRate * 100)) { LossRate = lossRate };
        run.Run(Start);
        run.Forget();
        run.Run(TimeSpan.FromSeconds(60));
        Report(run);

        Assert.That(run.ConcealedShare, Is.InRange(lossRate * 0.6, lossRate * 1.3));
        Assert.That(run.Stats.ConcealmentEvents, Is.GreaterThan(0));
        Assert.That(run.MaxStep, Is.LessThan(run.Source.MaxStep * 3));
        Assert.That(run.MeanDelay, Is.LessThan(TimeSpan.FromMilliseconds(70)));
    }

    [TestCase(100)]
    [TestCase(-100)]
    public void An_hour_of_drifting_clocks_neither_starves_nor_grows(int ppm)
    {
        using var run = new PlayoutRun(ppm) { DriftPpm = ppm, Records = false };
        run.Run(TimeSpan.FromSeconds(10));
        run.Forget();
        run.Run(TimeSpan.FromHours(1));
        Report(run);

        // 100 ppm of an hour are 0.36 s.
        var stretched = ppm > 0 ? run.Stats.RemovedSamplesForAcceleration : run.Stats.InsertedSamplesForDeceleration;
        Assert.That(stretched / 16_000.0, Is.InRange(0.25, 0.5));
        Assert.That(run.ConcealedShare, Is.LessThan(0.0005));
        Assert.That(run.MaxDelay, Is.LessThan(TimeSpan.FromMilliseconds(120)));
        Assert.That(run.MaxStep, Is.LessThan(run.Source.MaxStep * 2));
    }

    [Test]
    public void A_burst_after_a_stall_is_caught_up_with()
    {
        using var run = new PlayoutRun(5)
        {
            // Every 10 s, half a second of packets arrives at once.
            Delays = number => number % 500 < 25 ? TimeSpan.FromMilliseconds(20 * (25 - (number % 500))) : TimeSpan.Zero,
        };
        run.Run(TimeSpan.FromSeconds(60));
        Report(run);
        run.Delays = _ => TimeSpan.Zero;
        run.Run(TimeSpan.FromSeconds(30));
        run.Forget();
        run.Run(TimeSpan.FromSeconds(5));
        Report(run);

        Assert.That(run.Stats.RemovedSamplesForAcceleration, Is.Positive);
        Assert.That(run.MaxDelay, Is.LessThan(TimeSpan.FromMilliseconds(150)));
        Assert.That(run.ConcealedShare, Is.LessThan(0.08));
    }

    [Test]
    public void Sequence_numbers_and_timestamps_wrap_unheard()
    {
        using var run = new PlayoutRun(6) { Number = 65_500, Timestamp = uint.MaxValue - 8000 };
        run.Run(Start);
        run.Forget();
        run.Run(TimeSpan.FromSeconds(10));
        Report(run);

        Assert.That(run.Stats.ConcealedSamples, Is.Zero);
        Assert.That(run.MaxStep, Is.LessThan(run.Source.MaxStep * 1.2));
    }

    [Test]
    public void Silence_that_is_not_sent_is_not_concealment()
    {
        using var run = new PlayoutRun(7) { IsSilent = number => number % 200 >= 100 };
        run.Run(TimeSpan.FromSeconds(40));
        Report(run);

        Assert.That(run.Stats.ConcealedSamples, Is.Zero);
        Assert.That(run.MaxStep, Is.LessThan(run.Source.MaxStep * 3));
        Assert.That(run.MeanDelay, Is.LessThan(TimeSpan.FromMilliseconds(80)));
    }

    [Test]
    public void A_sender_that_jumps_in_time_is_followed()
    {
        using var run = new PlayoutRun(8);
        run.Run(Start);
        foreach (var jump in new[] { 500_000_000u, unchecked((uint)-900_000_000) })
        {
            run.Timestamp += jump;
            run.Run(TimeSpan.FromSeconds(1));
            run.Forget();
            run.Run(TimeSpan.FromSeconds(2));
            Assert.That(Share(run), Is.GreaterThan(0.99), $"after {(int)jump}");
        }

        Assert.That(run.MaxDelay, Is.LessThan(TimeSpan.FromMilliseconds(150)));
    }

    [Test]
    public void A_long_loss_fades_to_silence()
    {
        using var run = new PlayoutRun(9) { Loses = number => number is >= 100 and < 150 };
        run.Run(TimeSpan.FromSeconds(2.5));
        var gap = CollectionsMarshal.AsSpan(run.Played)[^1600..];

        Assert.That(Tone.GetLevel(gap), Is.Zero);
        run.Run(TimeSpan.FromSeconds(2));
        Report(run);
        Assert.That(run.Stats.SilentConcealedSamples, Is.InRange(8_000, 16_000));
        Assert.That(run.Stats.ConcealedSamples, Is.InRange(15_000, 17_000));
        Assert.That(run.MaxStep, Is.LessThan(run.Source.MaxStep * 3));
    }

    [Test]
    public void A_codec_of_another_rate_is_played_at_the_rate_wanted()
    {
        using var run = new PlayoutRun(10, new AudioFormat(48_000, 2), G711Codec.Instance, new CodecFormat("audio/PCMU", 8_000));
        run.Run(Start);
        run.Forget();
        run.Run(TimeSpan.FromSeconds(2));

        Assert.That(Tone.GetShare(CollectionsMarshal.AsSpan(run.Played), 48_000, 440), Is.GreaterThan(0.99));
        Assert.That(run.Stats.ConcealedSamples, Is.Zero);
    }

    [Test]
    public void What_no_decoder_takes_is_discarded()
    {
        using var run = new PlayoutRun(11);
        Assert.That(run.Buffer.Insert(97, 1, 0, [1, 2], run.Now), Is.False);
        Assert.That(run.Buffer.Insert(96, 1, 0, [1, 2, 3], run.Now), Is.False);
        Assert.That(run.Buffer.Insert(96, 1, 0, [], run.Now), Is.False);
        Assert.That(run.Buffer.Insert(96, 1, 0, new byte[16_000], run.Now), Is.False);
        Assert.That(run.Stats.PacketsDiscarded, Is.EqualTo(4));
    }

    [Test]
    public void What_waits_is_bounded()
    {
        using var run = new PlayoutRun(12);
        for (var i = 0; i < 100_000; i++)
        {
            run.Buffer.Insert(96, i, (uint)i * 320, new byte[640], run.Now);
        }

        Assert.That(run.Stats.CurrentDelay, Is.LessThanOrEqualTo(TimeSpan.FromSeconds(4)));
        Assert.That(run.Stats.PacketsDiscarded, Is.EqualTo(100_000 - PlayoutOptions.Default.MaxPackets));
        run.Run(TimeSpan.FromSeconds(1));
    }

    [TestCase(1)]
    [TestCase(2)]
    public void Whatever_arrives_it_plays_10_ms_after_10_ms(int seed)
    {
        TestContext.Out.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using var run = new PlayoutRun(seed);
        var pcm = new short[run.Buffer.FrameLength];
        var now = run.Now;
        long number = 0;
        for (var i = 0; i < 50_000; i++)
        {
            number += random.Next(-3, 5);
            var length = random.Next(10) == 0 ? random.Next(20_000) : 2 * random.Next(500);
            var timestamp = random.Next(50) == 0 ? (uint)random.NextInt64(uint.MaxValue) : (uint)(number * 320);
            run.Buffer.Insert((byte)(96 + (random.Next(20) / 19)), random.Next(1000) == 0 ? random.NextInt64(1L << 40) : number, timestamp, new byte[length], now);
            now += TimeSpan.FromMilliseconds(random.Next(25));
            run.Buffer.GetFrame(pcm, now);
        }

        Assert.That(run.Stats.TotalSamplesReceived, Is.GreaterThan(160 * 49_000));
    }

    [Test]
    public void Playing_allocates_nothing([Values(0, 0.1)] double lossRate)
    {
        using var run = new PlayoutRun(13) { LossRate = lossRate };
        run.Run(TimeSpan.FromSeconds(5));
        var payload = new byte[640];
        var pcm = new short[run.Buffer.FrameLength];
        var now = run.Now;
        var number = run.Number;
        var timestamp = run.Timestamp;
        var allocated = Allocations.Measure(() =>
        {
            if (lossRate == 0 || number % 10 != 0)
            {
                run.Buffer.Insert(96, number, timestamp, payload, now);
            }

            number++;
            timestamp += 320;
            run.Buffer.GetFrame(pcm, now);
            now += TimeSpan.FromMilliseconds(10);
            run.Buffer.GetFrame(pcm, now);
            now += TimeSpan.FromMilliseconds(10);
        });

        Assert.That(allocated, Is.Zero);
    }

    [Test]
    public void Refuses_options_that_contradict_each_other()
    {
        static PlayoutBuffer Make(PlayoutOptions options) => new(AudioFormat.Mono48Khz, options);
        Assert.That(() => Make(new PlayoutOptions { MinDelay = TimeSpan.FromSeconds(2) }), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => Make(new PlayoutOptions { MaxDelay = TimeSpan.FromSeconds(3) }), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => Make(new PlayoutOptions { MaxPackets = 1 }), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => new PlayoutBuffer(new AudioFormat(44_101, 1), PlayoutOptions.Default), Throws.InstanceOf<ArgumentException>());
    }

    private static double Share(PlayoutRun run) => Tone.GetShare(CollectionsMarshal.AsSpan(run.Played)[^8000..], 16_000, 440);

    private static void Report(PlayoutRun run) => TestContext.Out.WriteLine(
        $"concealed {run.ConcealedShare:P2} in {run.Stats.ConcealmentEvents}, delay mean {run.MeanDelay.TotalMilliseconds:0} min {run.MinDelay.TotalMilliseconds:0} max {run.MaxDelay.TotalMilliseconds:0} ms, " +
        $"target {run.Stats.TargetDelay.TotalMilliseconds:0} ms, late {run.Stats.PacketsLate}, removed {run.Stats.RemovedSamplesForAcceleration} inserted {run.Stats.InsertedSamplesForDeceleration}, " +
        $"step {run.MaxStep} of {run.Source.MaxStep:0}");
}
