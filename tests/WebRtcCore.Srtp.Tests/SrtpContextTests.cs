using WebRtcCore.Primitives.Cryptography;
using WebRtcCore.Testing;

namespace WebRtcCore.Srtp.Tests;

[TestFixture(SrtpProfile.Aes128CmHmacSha1_80)]
[TestFixture(SrtpProfile.Aes128CmHmacSha1_32)]
[TestFixture(SrtpProfile.AeadAes128Gcm)]
[TestFixture(SrtpProfile.AeadAes256Gcm)]
public sealed class SrtpContextTests(SrtpProfile profile)
{
    private SrtpContext _sender = null!;
    private SrtpContext _receiver = null!;

    [SetUp]
    public void SetUp()
    {
        _sender = Create();
        _receiver = Create();
    }

    [TearDown]
    public void TearDown()
    {
        _sender.Dispose();
        _receiver.Dispose();
    }

    [Test]
    public void What_one_side_protects_the_other_unprotects()
    {
        for (var length = 0; length < 300; length++)
        {
            var plain = TestPackets.Rtp((ushort)length, payloadLength: length);
            var packet = Protect(_sender, plain);
            Assert.That(packet, Has.Length.EqualTo(plain.Length + profile.GetRtpOverhead()));
            Assert.That(_receiver.UnprotectRtp(packet, out var plainLength), Is.EqualTo(SrtpResult.Success));
            Assert.That(packet[..plainLength], Is.EqualTo(plain));
        }
    }

    [Test]
    public void What_one_side_protects_the_other_unprotects_rtcp()
    {
        for (var i = 0; i < 100; i++)
        {
            var plain = TestPackets.Rtcp();
            var packet = ProtectRtcp(_sender, plain);
            Assert.That(packet, Has.Length.EqualTo(plain.Length + profile.GetRtcpOverhead()));
            Assert.That(packet.AsSpan(8, 20).SequenceEqual(plain.AsSpan(8, 20)), Is.False);
            Assert.That(_receiver.UnprotectRtcp(packet, out var plainLength), Is.EqualTo(SrtpResult.Success));
            Assert.That(packet[..plainLength], Is.EqualTo(plain));
        }
    }

    // security.md row 21.
    [Test]
    public void Any_flipped_byte_is_refused_and_changes_nothing()
    {
        var good = Protect(_sender, TestPackets.Rtp(1000));
        for (var i = 0; i < good.Length; i++)
        {
            var bad = good.ToArray();
            bad[i] ^= 0x01;
            Assert.That(_receiver.UnprotectRtp(bad, out var length), Is.Not.EqualTo(SrtpResult.Success), $"byte {i}");
            Assert.That(length, Is.Zero);
            Assert.That(_receiver.StreamCount, Is.Zero, $"byte {i}");
        }

        Assert.That(_receiver.UnprotectRtp(good, out _), Is.EqualTo(SrtpResult.Success));
    }

    // security.md row 21.
    [Test]
    public void Any_flipped_byte_of_rtcp_is_refused_and_changes_nothing()
    {
        var good = ProtectRtcp(_sender, TestPackets.Rtcp());
        for (var i = 0; i < good.Length; i++)
        {
            var bad = good.ToArray();
            bad[i] ^= 0x80;
            Assert.That(_receiver.UnprotectRtcp(bad, out var length), Is.Not.EqualTo(SrtpResult.Success), $"byte {i}");
            Assert.That(length, Is.Zero);
            Assert.That(_receiver.StreamCount, Is.Zero, $"byte {i}");
        }

        Assert.That(_receiver.UnprotectRtcp(good, out _), Is.EqualTo(SrtpResult.Success));
    }

    [Test]
    public void A_forged_high_sequence_number_does_not_move_the_window()
    {
        Assert.That(_receiver.UnprotectRtp(Protect(_sender, TestPackets.Rtp(10)), out _), Is.EqualTo(SrtpResult.Success));
        using var forger = new SrtpContext(profile, new byte[profile.GetKeyLength()], new byte[profile.GetSaltLength()]);
        Assert.That(_receiver.UnprotectRtp(Protect(forger, TestPackets.Rtp(30_000)), out _), Is.EqualTo(SrtpResult.AuthenticationFailed));
        Assert.That(_receiver.UnprotectRtp(Protect(_sender, TestPackets.Rtp(11)), out _), Is.EqualTo(SrtpResult.Success));
    }

    // security.md row 22.
    [Test]
    public void A_replayed_packet_is_refused()
    {
        var packet = Protect(_sender, TestPackets.Rtp(7));
        Assert.That(_receiver.UnprotectRtp(packet.ToArray(), out _), Is.EqualTo(SrtpResult.Success));
        Assert.That(_receiver.UnprotectRtp(packet, out _), Is.EqualTo(SrtpResult.Replayed));

        var rtcp = ProtectRtcp(_sender, TestPackets.Rtcp());
        Assert.That(_receiver.UnprotectRtcp(rtcp.ToArray(), out _), Is.EqualTo(SrtpResult.Success));
        Assert.That(_receiver.UnprotectRtcp(rtcp, out _), Is.EqualTo(SrtpResult.Replayed));
    }

    // security.md row 22.
    [Test]
    public void The_replay_window_has_sharp_edges()
    {
        var oldest = Protect(_sender, TestPackets.Rtp(1000));
        var next = Protect(_sender, TestPackets.Rtp(1001));
        var newest = Protect(_sender, TestPackets.Rtp(1000 + Primitives.ReplayWindow.Size));
        Assert.That(_receiver.UnprotectRtp(newest, out _), Is.EqualTo(SrtpResult.Success));
        Assert.That(_receiver.UnprotectRtp(oldest, out _), Is.EqualTo(SrtpResult.Replayed));
        Assert.That(_receiver.UnprotectRtp(next, out _), Is.EqualTo(SrtpResult.Success));
    }

    // security.md row 22.
    [TestCase(0u)]
    [TestCase(1u)]
    [TestCase(uint.MaxValue - 1)]
    public void Packets_reordered_across_the_wrap_are_read(uint rolloverCounter)
    {
        using var sender = Create(rolloverCounter);
        using var receiver = Create(rolloverCounter);
        ushort[] order = [65_530, 65_533, 65_535, 1, 65_534, 0, 3, 65_531, 2, 65_532];
        var packets = Enumerable.Range(65_530, 10).ToDictionary(i => (ushort)i, i => Protect(sender, TestPackets.Rtp((ushort)i)));
        foreach (var number in order)
        {
            var packet = packets[number].ToArray();
            Assert.That(receiver.UnprotectRtp(packet, out var length), Is.EqualTo(SrtpResult.Success), $"{number}");
            Assert.That(packet[..length], Is.EqualTo(TestPackets.Rtp(number)));
            Assert.That(receiver.UnprotectRtp(packets[number], out _), Is.EqualTo(SrtpResult.Replayed), $"{number}");
        }
    }

    [Test]
    public void Several_rollovers_are_followed_on_both_sides()
    {
        for (var i = 0; i < 200_000; i += 97)
        {
            var packet = Protect(_sender, TestPackets.Rtp((ushort)i, payloadLength: 5));
            Assert.That(_receiver.UnprotectRtp(packet, out _), Is.EqualTo(SrtpResult.Success), $"{i}");
        }
    }

    [Test]
    public void The_last_index_can_be_used_and_none_after_it()
    {
        using var sender = Create(uint.MaxValue);
        var buffer = new byte[200];
        Assert.That(Protect(sender, TestPackets.Rtp(65_535)), Is.Not.Empty);
        var plain = TestPackets.Rtp(0);
        plain.CopyTo(buffer, 0);
        Assert.That(sender.ProtectRtp(buffer, plain.Length, out _), Is.EqualTo(SrtpResult.KeyExhausted));
    }

    // security.md row 22: who joins late in the first cycle of sequence numbers needs nothing but the key.
    [Test]
    public void A_receiver_may_join_late()
    {
        for (ushort i = 0; i < 5000; i++)
        {
            Protect(_sender, TestPackets.Rtp(i));
        }

        Assert.That(_receiver.UnprotectRtp(Protect(_sender, TestPackets.Rtp(5000)), out _), Is.EqualTo(SrtpResult.Success));
    }

    [Test]
    public void A_retransmitted_packet_gives_the_same_bytes()
    {
        var first = Protect(_sender, TestPackets.Rtp(65_535));
        Protect(_sender, TestPackets.Rtp(0));
        Assert.That(Protect(_sender, TestPackets.Rtp(65_535)), Is.EqualTo(first));
    }

    // security.md row 23.
    [Test]
    public void Streams_are_capped_and_made_by_authentic_packets_only()
    {
        using var receiver = Create(options: new SrtpContextOptions { MaxStreams = 3 });
        for (uint ssrc = 1; ssrc <= 100; ssrc++)
        {
            var forged = Protect(_sender, TestPackets.Rtp(1, ssrc));
            forged[^1] ^= 1;
            Assert.That(receiver.UnprotectRtp(forged, out _), Is.EqualTo(SrtpResult.AuthenticationFailed));
        }

        Assert.That(receiver.StreamCount, Is.Zero);
        for (uint ssrc = 1; ssrc <= 3; ssrc++)
        {
            Assert.That(receiver.UnprotectRtp(Protect(_sender, TestPackets.Rtp(2, ssrc)), out _), Is.EqualTo(SrtpResult.Success));
        }

        Assert.That(receiver.UnprotectRtp(Protect(_sender, TestPackets.Rtp(2, 4)), out _), Is.EqualTo(SrtpResult.TooManyStreams));
        Assert.That(receiver.UnprotectRtcp(ProtectRtcp(_sender, TestPackets.Rtcp(4)), out _), Is.EqualTo(SrtpResult.TooManyStreams));
        Assert.That(receiver.UnprotectRtp(Protect(_sender, TestPackets.Rtp(3, 1)), out _), Is.EqualTo(SrtpResult.Success));
        Assert.That(receiver.StreamCount, Is.EqualTo(3));
    }

    [Test]
    public void Streams_have_windows_of_their_own()
    {
        foreach (var ssrc in new uint[] { 1, 2, 1, 3, 2 })
        {
            var sequenceNumber = (ushort)(ssrc * 10_000);
            var packet = Protect(_sender, TestPackets.Rtp(sequenceNumber, ssrc));
            var expected = _receiver.StreamCount >= ssrc ? SrtpResult.Replayed : SrtpResult.Success;
            Assert.That(_receiver.UnprotectRtp(packet, out _), Is.EqualTo(expected), $"{ssrc}");
        }
    }

    [Test]
    public void Every_prefix_is_refused_without_an_exception()
    {
        var rtp = Protect(_sender, TestPackets.Rtp(1));
        var rtcp = ProtectRtcp(_sender, TestPackets.Rtcp());
        for (var length = 0; length < rtp.Length; length++)
        {
            Assert.That(_receiver.UnprotectRtp(rtp.AsSpan(0, length), out _), Is.Not.EqualTo(SrtpResult.Success), $"{length}");
        }

        for (var length = 0; length < rtcp.Length; length++)
        {
            Assert.That(_receiver.UnprotectRtcp(rtcp.AsSpan(0, length), out _), Is.Not.EqualTo(SrtpResult.Success), $"{length}");
        }
    }

    [Test]
    public void A_buffer_without_room_for_the_tag_is_left_alone()
    {
        var plain = TestPackets.Rtp(1);
        var buffer = new byte[plain.Length + profile.GetRtpOverhead() - 1];
        plain.CopyTo(buffer, 0);
        Assert.That(_sender.ProtectRtp(buffer, plain.Length, out _), Is.EqualTo(SrtpResult.BufferTooSmall));
        Assert.That(buffer[..plain.Length], Is.EqualTo(plain));
        Assert.That(_sender.ProtectRtp(buffer, buffer.Length + 1, out _), Is.EqualTo(SrtpResult.Malformed));
    }

    [Test]
    public void Protecting_and_unprotecting_allocate_nothing()
    {
        var plain = TestPackets.Rtp(0, payloadLength: 1100);
        var rtcp = TestPackets.Rtcp();
        var buffer = new byte[1500];
        ushort number = 0;
        var allocated = Allocations.Measure(() =>
        {
            plain.CopyTo(buffer, 0);
            System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(buffer.AsSpan(2), number++);
            _sender.ProtectRtp(buffer, plain.Length, out var length);
            _receiver.UnprotectRtp(buffer.AsSpan(0, length), out _);
            rtcp.CopyTo(buffer, 0);
            _sender.ProtectRtcp(buffer, rtcp.Length, out length);
            _receiver.UnprotectRtcp(buffer.AsSpan(0, length), out _);
        });
        Assert.That(allocated, Is.Zero);
        Assert.That(_receiver.StreamCount, Is.EqualTo(1));
    }

    [Test]
    public void A_disposed_context_refuses_work()
    {
        _sender.Dispose();
        Assert.That(() => _sender.ProtectRtp(new byte[100], 50, out _), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => _sender.UnprotectRtcp(new byte[100], out _), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void Keys_of_another_length_are_refused()
    {
        Assert.That(() => new SrtpContext(profile, new byte[15], new byte[profile.GetSaltLength()]), Throws.ArgumentException);
        Assert.That(() => new SrtpContext(profile, new byte[profile.GetKeyLength()], new byte[13]), Throws.ArgumentException);
    }

    private static byte[] Protect(SrtpContext context, byte[] plain)
    {
        var buffer = new byte[plain.Length + context.RtpOverhead];
        plain.CopyTo(buffer, 0);
        Assert.That(context.ProtectRtp(buffer, plain.Length, out var length), Is.EqualTo(SrtpResult.Success));
        return buffer[..length];
    }

    private static byte[] ProtectRtcp(SrtpContext context, byte[] plain)
    {
        var buffer = new byte[plain.Length + context.RtcpOverhead];
        plain.CopyTo(buffer, 0);
        Assert.That(context.ProtectRtcp(buffer, plain.Length, out var length), Is.EqualTo(SrtpResult.Success));
        return buffer[..length];
    }

    private SrtpContext Create(uint rolloverCounter = 0, SrtpContextOptions? options = null)
    {
        var random = new SeededRandomSource(42);
        var key = new byte[profile.GetKeyLength()];
        var salt = new byte[profile.GetSaltLength()];
        random.Fill(key);
        random.Fill(salt);
        return new SrtpContext(profile, KeyDerivation.DeriveSessionKeys(profile, key, salt), CipherChoice.Fastest, rolloverCounter, options);
    }
}
