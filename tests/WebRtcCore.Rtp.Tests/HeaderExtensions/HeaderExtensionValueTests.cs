using CsCheck;
using WebRtcCore.Rtp.HeaderExtensions;

namespace WebRtcCore.Rtp.Tests.HeaderExtensions;

public sealed class HeaderExtensionValueTests
{
    [Test]
    public void Audio_levels_survive() => Gen.Byte.Sample(bits =>
    {
        Assert.That(AudioLevel.TryParse([bits], out var level), Is.True);
        Span<byte> written = stackalloc byte[1];
        level.Write(written);
        Assert.That(written[0], Is.EqualTo(bits));
        Assert.That(level.HasVoice, Is.EqualTo(bits >= 128));
    });

    [Test]
    public void Send_times_survive_and_wrap_after_64_seconds()
    {
        Assert.That(AbsoluteSendTime.TryParse([0x12, 0x34, 0x56], out var time), Is.True);
        Assert.That(time.Value, Is.EqualTo(0x123456));
        Span<byte> written = stackalloc byte[3];
        time.Write(written);
        Assert.That(written.ToArray(), Is.EqualTo(new byte[] { 0x12, 0x34, 0x56 }));

        var start = new NtpTimestamp(0x0000_0040_0000_0000);
        Assert.That(AbsoluteSendTime.From(start).Value, Is.Zero);
        Assert.That(AbsoluteSendTime.From(start + TimeSpan.FromSeconds(1)).Value, Is.EqualTo(1 << 18));
        Assert.That(AbsoluteSendTime.From(start + TimeSpan.FromSeconds(64)).Value, Is.Zero);
    }

    [Test]
    public void Transport_sequence_numbers_survive()
    {
        Assert.That(TransportSequenceNumber.TryParse([0xAB, 0xCD], out var number), Is.True);
        Assert.That(number.Value, Is.EqualTo(0xABCD));
        Span<byte> written = stackalloc byte[2];
        number.Write(written);
        Assert.That(written.ToArray(), Is.EqualTo(new byte[] { 0xAB, 0xCD }));
        Assert.That(TransportSequenceNumber.TryParse([0xAB, 0xCD, 0, 1], out number), Is.True);
        Assert.That(number.Value, Is.EqualTo(0xABCD));
    }

    [Test]
    public void Transmission_time_offsets_are_signed()
    {
        foreach (var ticks in new[] { 0, 1, -1, 8_388_607, -8_388_608 })
        {
            var bytes = new byte[3];
            new TransmissionTimeOffset(ticks).Write(bytes);
            Assert.That(TransmissionTimeOffset.TryParse(bytes, out var offset), Is.True);
            Assert.That(offset.Ticks, Is.EqualTo(ticks));
        }
    }

    [Test]
    public void Orientations_survive()
    {
        for (byte bits = 0; bits < 16; bits++)
        {
            Assert.That(VideoOrientation.TryParse([bits], out var orientation), Is.True);
            var written = new byte[1];
            orientation.Write(written);
            Assert.That(written[0], Is.EqualTo(bits));
        }

        Assert.That(new VideoOrientation(270).RotationDegrees, Is.EqualTo(270));
    }

    [Test]
    public void Playout_delays_survive_and_are_clamped()
    {
        Assert.That(PlayoutDelay.TryParse([0x00, 0xA0, 0x14], out var delay), Is.True);
        Assert.That(delay, Is.EqualTo(new PlayoutDelay(TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(200))));
        var written = new byte[3];
        new PlayoutDelay(TimeSpan.FromSeconds(-1), TimeSpan.FromHours(1)).Write(written);
        Assert.That(written, Is.EqualTo(new byte[] { 0x00, 0x0F, 0xFF }));
    }

    [Test]
    public void Values_of_another_length_are_refused()
    {
        var bytes = new byte[5];
        Assert.That(AudioLevel.TryParse(default, out _), Is.False);
        Assert.That(AbsoluteSendTime.TryParse(bytes, out _), Is.False);
        Assert.That(TransportSequenceNumber.TryParse(bytes.AsSpan(0, 3), out _), Is.False);
        Assert.That(TransmissionTimeOffset.TryParse(bytes, out _), Is.False);
        Assert.That(VideoOrientation.TryParse(bytes, out _), Is.False);
        Assert.That(PlayoutDelay.TryParse(bytes, out _), Is.False);
    }

    [Test]
    public void A_map_knows_both_ways_and_refuses_one_identifier_for_two_extensions()
    {
        var map = new RtpHeaderExtensionMap([new(4, RtpHeaderExtensionUri.Mid), new(13, "urn:example:other")]);
        Assert.That(map.GetKind(4), Is.EqualTo(RtpHeaderExtensionKind.Mid));
        Assert.That(map.GetKind(13), Is.EqualTo(RtpHeaderExtensionKind.Other));
        Assert.That(map.GetKind(5), Is.EqualTo(RtpHeaderExtensionKind.None));
        Assert.That(map.GetId(RtpHeaderExtensionKind.Mid), Is.EqualTo(4));
        Assert.That(map.GetId(RtpHeaderExtensionKind.AudioLevel), Is.Zero);
        Assert.That(map.GetId("urn:example:other"), Is.EqualTo(13));
        Assert.That(() => new RtpHeaderExtensionMap([new(4, "a"), new(4, "b")]), Throws.ArgumentException);
        Assert.That(() => new RtpHeaderExtensionMap([new(15, "a")]), Throws.ArgumentException);
    }
}
