using WebRtcCore.Sctp.Chunks;
using WebRtcCore.Sctp.Packets;
using WebRtcCore.Sctp.Tests.Support;
using WebRtcCore.Testing;

namespace WebRtcCore.Sctp.Tests;

/// <summary>RFC 9653.</summary>
public class ZeroChecksumTests
{
    private static readonly SctpOptions Accepting = new() { ZeroChecksum = true };

    [Test]
    public void Only_packets_that_begin_an_association_carry_a_checksum()
    {
        var packets = Exchange(Accepting, Accepting);
        foreach (var (_, type, hasChecksum) in packets)
        {
            Assert.That(hasChecksum, Is.EqualTo(type is ChunkType.Init or ChunkType.InitAck or ChunkType.CookieEcho), $"{type}");
        }

        Assert.That(packets.Select(packet => packet.Type), Does.Contain(ChunkType.CookieEcho).And.Contain(ChunkType.InterleavedData).And.Contain(ChunkType.Sack));
    }

    [Test]
    public void Each_direction_depends_on_what_its_receiver_accepts_and_both_on_the_own_setting()
    {
        var packets = Exchange(Accepting, new SctpOptions());
        Assert.That(packets.Where(packet => !packet.HasChecksum), Is.Empty);

        // A peer that only accepts.
        var peer = new ScriptedPeer(Accepting);
        peer.RequestCookie(peer.Init with { AcceptsZeroChecksum = true });
        peer.EchoCookie(peer.RemoteTag, peer.Cookie!);
        peer.SendData(1, 0, [1]);
        Assert.That(HasChecksumOf(Send(peer, [2])), Is.False);
    }

    [Test]
    public void Method_other_than_dtls_is_not_taken()
    {
        var peer = new ScriptedPeer(Accepting);
        var init = ScriptedPeer.Build(0, (ref PacketWriter packet) => (peer.Init with { AcceptsZeroChecksum = true }).Write(ref packet));
        Assert.That(PacketView.TryParse(init, out var view) && InitChunk.TryParse(view.FirstChunk, out var parsed) && parsed!.AcceptsZeroChecksum, Is.True);

        // Type 0x8001, length 8, method 1: made method 2.
        var at = init.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x80, 0x01, 0x00, 0x08, 0, 0, 0, 1]);
        init[at + 7] = 2;
        Assert.That(PacketView.TryParse(init, out view) && InitChunk.TryParse(view.FirstChunk, out parsed) && parsed!.AcceptsZeroChecksum, Is.False);
    }

    [Test]
    public void Data_without_checksum_is_taken_only_where_that_was_offered([Values] bool isOffered)
    {
        var peer = ScriptedPeer.Connected(new SctpOptions { ZeroChecksum = isOffered });
        var packet = ScriptedPeer.Build(peer.RemoteTag, (ref PacketWriter writer) => DataChunk.Write(ref writer, 3, peer.NextTsn, 1, 0, 53, [7]));
        packet.AsSpan(CommonHeader.ChecksumOffset, 4).Clear();
        peer.Deliver(packet);
        Assert.That(peer.Node.Messages, Has.Count.EqualTo(isOffered ? 1 : 0));
        Assert.That(peer.Association.GetStatistics().PacketsDiscarded, Is.EqualTo(isOffered ? 0 : 1));
    }

    [Test]
    public void Wrong_checksum_is_never_taken()
    {
        var peer = ScriptedPeer.Connected(Accepting);
        var packet = ScriptedPeer.Build(peer.RemoteTag, (ref PacketWriter writer) => DataChunk.Write(ref writer, 3, peer.NextTsn, 1, 0, 53, [7]));
        packet[CommonHeader.ChecksumOffset] ^= 1;
        peer.Deliver(packet);
        Assert.That(peer.Node.Messages, Is.Empty);
    }

    [Test]
    public void Init_and_cookie_echo_without_checksum_are_discarded()
    {
        var peer = new ScriptedPeer(Accepting);
        var init = ScriptedPeer.Build(0, (ref PacketWriter packet) => peer.Init.Write(ref packet));
        init.AsSpan(CommonHeader.ChecksumOffset, 4).Clear();
        peer.Deliver(init);
        Assert.That(peer.Poll(), Is.Empty);

        peer.RequestCookie(peer.Init);
        var echo = ScriptedPeer.Build(peer.RemoteTag, (ref PacketWriter packet) => packet.AddEncoded(EncodedChunk.Create(ChunkType.CookieEcho, 0, peer.Cookie!)));
        echo.AsSpan(CommonHeader.ChecksumOffset, 4).Clear();
        peer.Deliver(echo);
        Assert.That(peer.Association.State, Is.Not.EqualTo(SctpAssociationState.Established));
    }

    private static List<(bool IsFromA, ChunkType Type, bool HasChecksum)> Exchange(SctpOptions a, SctpOptions b)
    {
        var packets = new List<(bool, ChunkType, bool)>();
        var pair = new AssociationPair(optionsA: a, optionsB: b);
        pair.Pair.Network.Interceptor = datagram =>
        {
            Assert.That(PacketView.TryParse(datagram.Bytes.Span, out var view), Is.True);
            packets.Add((datagram.From == pair.Pair.A, view.FirstChunk.Type, HasChecksum(datagram.Bytes)));
            return DatagramFate.Pass;
        };
        pair.Connect();
        pair.SendA(Bytes.Random(5000));
        pair.B.Association.Send(2, new SctpSendParameters(51), Bytes.Random(5000), pair.Pair.Now);
        Assert.That(pair.Pair.Drive(() => pair.B.Messages.Count == 1 && pair.A.Messages.Count == 1), Is.True);
        return packets;
    }

    private static byte[] Send(ScriptedPeer peer, byte[] message)
    {
        peer.Association.Send(1, new SctpSendParameters(53), message, peer.Now);
        var buffer = new byte[2000];
        Transmit(peer, buffer, out var length);
        return buffer[..length];
    }

    private static void Transmit(ScriptedPeer peer, byte[] buffer, out int length)
    {
        length = 0;
        while (peer.Association.TryPollTransmit(buffer, out var transmit))
        {
            length = transmit.Length;
        }
    }

    private static bool HasChecksumOf(ReadOnlySpan<byte> bytes) => PacketView.TryParse(bytes, out var view) && view.Checksum != 0 && view.HasValidChecksum;

    private static bool HasChecksum(Memory<byte> bytes) => HasChecksumOf(bytes.Span);
}
