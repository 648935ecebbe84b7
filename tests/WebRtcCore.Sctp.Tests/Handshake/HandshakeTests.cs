using WebRtcCore.Sctp.Chunks;
using WebRtcCore.Sctp.Packets;
using WebRtcCore.Sctp.Parameters;
using WebRtcCore.Sctp.Tests.Support;
using WebRtcCore.Testing;

namespace WebRtcCore.Sctp.Tests.Handshake;

public class HandshakeTests
{
    [Test]
    public void One_side_alone_may_begin()
    {
        var pair = new AssociationPair();
        pair.A.Association.Associate(pair.Pair.Now);
        Assert.That(pair.Pair.Drive(() => pair.AreEstablished), Is.True);
    }

    [Test]
    public void Both_sides_may_begin_at_once_and_make_one_association()
    {
        var pair = AssociationPair.Connected();
        pair.Pair.Drive(TimeSpan.FromSeconds(5));
        Assert.That(pair.A.Has(SctpEventKind.PeerRestarted), Is.False);
        Assert.That(pair.A.Events.Count(e => e.State == SctpAssociationState.Established), Is.EqualTo(1));
        pair.SendA([1]);
        Assert.That(pair.Pair.Drive(() => pair.B.Messages.Count == 1), Is.True);
    }

    [Test]
    public void Connects_whichever_datagram_of_the_handshake_is_lost([Range(1, 10)] int lost)
    {
        var pair = new AssociationPair();
        var count = 0;
        pair.Pair.Network.Interceptor = _ => ++count == lost ? DatagramFate.Drop : DatagramFate.Pass;
        pair.Connect();
        pair.SendA([1]);
        pair.B.Association.Send(1, new SctpSendParameters(53), [2], pair.Pair.Now);
        Assert.That(pair.Pair.Drive(() => pair.A.Messages.Count == 1 && pair.B.Messages.Count == 1), Is.True);
    }

    [Test]
    public void Data_queued_before_travels_with_the_cookie()
    {
        var pair = new AssociationPair();
        pair.SendA([1, 2]);
        pair.A.Association.Associate(pair.Pair.Now);
        Assert.That(pair.Pair.Drive(() => pair.B.Messages.Count == 1), Is.True);

        // INIT, INIT ACK, COOKIE ECHO with DATA: three one-way trips of 1 ms.
        Assert.That(pair.Pair.Network.Clock.Elapsed, Is.EqualTo(TimeSpan.FromMilliseconds(3)));
    }

    [Test]
    public void Gives_up_after_the_limit_of_init_retransmissions()
    {
        var pair = new AssociationPair(new LinkConditions { IsDown = true }, new SctpOptions { MaxInitRetransmissions = 3 });
        pair.A.Association.Associate(pair.Pair.Now);
        Assert.That(pair.Pair.Drive(() => pair.A.Association.State == SctpAssociationState.Closed, TimeSpan.FromMinutes(2)), Is.True);
        Assert.That(pair.A.Association.Error!.Kind, Is.EqualTo(SctpErrorKind.PeerUnreachable));
        Assert.That(pair.Pair.A.DatagramsSent, Is.EqualTo(4));
    }

    [Test]
    public void Discards_forged_cookie()
    {
        var peer = new ScriptedPeer();
        peer.RequestCookie(peer.Init);
        for (var index = 0; index < peer.Cookie!.Length; index++)
        {
            var forged = (byte[])peer.Cookie.Clone();
            forged[index] ^= 1;
            peer.EchoCookie(peer.RemoteTag, forged);
        }

        peer.EchoCookie(peer.RemoteTag, []);
        peer.EchoCookie(peer.RemoteTag, new byte[4000]);
        Assert.That(peer.Association.State, Is.EqualTo(SctpAssociationState.New));
        Assert.That(peer.Poll(), Is.Empty);
    }

    [Test]
    public void Discards_cookie_under_another_tag()
    {
        var peer = new ScriptedPeer();
        peer.RequestCookie(peer.Init);
        peer.EchoCookie(peer.RemoteTag + 1, peer.Cookie!);
        Assert.That(peer.Association.State, Is.EqualTo(SctpAssociationState.New));
    }

    [Test]
    public void Reports_stale_cookie_and_makes_no_association()
    {
        var peer = new ScriptedPeer(new SctpOptions { CookieLifetime = TimeSpan.FromSeconds(10) });
        peer.RequestCookie(peer.Init);
        peer.Advance(TimeSpan.FromSeconds(12));
        peer.EchoCookie(peer.RemoteTag, peer.Cookie!);
        Assert.That(peer.Association.State, Is.EqualTo(SctpAssociationState.New));
        var error = peer.PollChunks().Single();
        Assert.That(error.Type, Is.EqualTo(ChunkType.Error));
        Assert.That(error.Value, Is.EqualTo(Bytes.FromHex("00030008 001E8480")));
    }

    [Test]
    public void Begins_again_when_told_that_its_cookie_is_stale()
    {
        var peer = new ScriptedPeer();
        peer.Association.Associate(peer.Now);
        var init = peer.Poll().Single();
        var localTag = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(init.AsSpan(16));
        var initAck = peer.Init with { Cookie = [1, 2, 3, 4] };
        peer.Send(localTag, (ref PacketWriter packet) => initAck.Write(ref packet));
        Assert.That(peer.PollChunks().Single().Type, Is.EqualTo(ChunkType.CookieEcho));
        peer.Send(localTag, (ref PacketWriter packet) => packet.AddEncoded(ErrorChunk.Encode(CauseCode.StaleCookie, [0, 0, 0, 1])));
        Assert.That(peer.Association.State, Is.EqualTo(SctpAssociationState.CookieWait));
        Assert.That(peer.PollChunks().Single().Type, Is.EqualTo(ChunkType.Init));
    }

    [Test]
    public void Data_that_travelled_with_a_stale_cookie_travels_with_the_next()
    {
        var peer = new ScriptedPeer();
        peer.Association.Send(1, new SctpSendParameters(53), [7], peer.Now);
        peer.Association.Associate(peer.Now);
        var localTag = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(peer.Poll().Single().AsSpan(16));
        for (var round = 0; round < 2; round++)
        {
            var initAck = peer.Init with { Cookie = [1, 2, 3, 4] };
            peer.Send(localTag, (ref PacketWriter packet) => initAck.Write(ref packet));
            var chunks = peer.PollChunks();
            Assert.That(chunks.Select(chunk => chunk.Type), Is.EqualTo(new[] { ChunkType.CookieEcho, ChunkType.Data }), $"round {round}");
            Assert.That(chunks[1].Value[^1], Is.EqualTo(7));
            peer.Send(localTag, (ref PacketWriter packet) => packet.AddEncoded(ErrorChunk.Encode(CauseCode.StaleCookie, [0, 0, 0, 1])));
            Assert.That(peer.PollChunks().Single().Type, Is.EqualTo(ChunkType.Init));
        }
    }

    [Test]
    public void Restarted_peer_may_interleave_where_the_old_one_did_not()
    {
        var peer = ScriptedPeer.Connected();
        peer.RequestCookie(peer.Init with
        {
            InitiateTag = 0x0BAD_CAFE,
            SupportedExtensions = [(byte)ChunkType.InterleavedData, (byte)ChunkType.InterleavedForwardTsn],
        });
        peer.EchoCookie(peer.RemoteTag, peer.Cookie!);
        peer.Poll();
        peer.SendInterleaved(1, 0, 0, [2]);
        Assert.That(peer.Node.Messages, Has.Count.EqualTo(1));
        peer.Association.Send(1, new SctpSendParameters(53), [10], peer.Now);
        Assert.That(peer.PollInterleaved(), Has.Count.EqualTo(1));
    }

    [Test]
    public void Repeats_cookie_ack_for_a_repeated_cookie_even_when_stale()
    {
        var peer = ScriptedPeer.Connected();
        peer.Advance(TimeSpan.FromSeconds(70));
        peer.Poll();
        peer.EchoCookie(peer.RemoteTag, peer.Cookie!);
        Assert.That(peer.PollChunks().Select(chunk => chunk.Type), Is.EqualTo(new[] { ChunkType.CookieAck }));
    }

    [Test]
    public void Restarted_peer_gets_a_fresh_association()
    {
        var peer = ScriptedPeer.Connected();
        peer.SendData(1, 0, [1]);
        peer.Association.Send(1, new SctpSendParameters(53), [9], peer.Now);
        var firstTsn = peer.PollData().Single().Tsn;

        peer.NextTsn = new Tsn(5_000_000);
        peer.RequestCookie(peer.Init with { InitiateTag = 0x0BAD_CAFE });
        Assert.That(peer.Association.State, Is.EqualTo(SctpAssociationState.Established));
        Assert.That(peer.Node.Has(SctpEventKind.PeerRestarted), Is.False);
        peer.EchoCookie(peer.RemoteTag, peer.Cookie!);
        Assert.That(peer.Node.Has(SctpEventKind.PeerRestarted), Is.True);
        peer.Poll();

        peer.SendData(1, 0, [2]);
        Assert.That(peer.Node.Messages.Select(message => message.Bytes[0]), Is.EqualTo(new byte[] { 1, 2 }));
        peer.Association.Send(1, new SctpSendParameters(53), [10], peer.Now);
        var data = peer.PollData().Single();
        Assert.That((data.Tsn, data.Ssn), Is.EqualTo((peer.RemoteInitialTsn, (ushort)0)));
        Assert.That(data.Tsn, Is.Not.EqualTo(firstTsn.Next));
    }

    [Test]
    public void Init_in_an_established_association_changes_nothing_by_itself()
    {
        var peer = ScriptedPeer.Connected();
        peer.Send(0, (ref PacketWriter packet) => (peer.Init with { InitiateTag = 5 }).Write(ref packet));
        Assert.That(peer.Poll(), Has.Count.EqualTo(1));
        peer.SendData(1, 0, [1]);
        Assert.That(peer.Node.Messages, Has.Count.EqualTo(1));
    }

    [Test]
    public void Answers_unacceptable_init_with_abort()
    {
        var peer = new ScriptedPeer();
        foreach (var bad in new[]
        {
            peer.Init with { ReceiverWindow = 1499 }, peer.Init with { OutgoingStreams = 0 }, peer.Init with { IncomingStreams = 0 },
        })
        {
            peer.Send(0, (ref PacketWriter packet) => bad.Write(ref packet));
            var abort = peer.PollChunks().Single();
            Assert.That(abort.Type, Is.EqualTo(ChunkType.Abort));
        }

        peer.Send(0, (ref PacketWriter packet) => (peer.Init with { InitiateTag = 0 }).Write(ref packet));
        Assert.That(peer.Poll(), Is.Empty);
    }

    [TestCase(1499, 7, 7, false)]
    [TestCase(100_000, 0, 7, true)]
    [TestCase(100_000, 7, 0, true)]
    public void Answers_unacceptable_init_ack_with_abort(int window, int outgoing, int incoming, bool isEnd)
    {
        var peer = new ScriptedPeer();
        var tag = Associate(peer);
        var bad = peer.Init with { Cookie = [1, 2, 3, 4], ReceiverWindow = (uint)window, OutgoingStreams = (ushort)outgoing, IncomingStreams = (ushort)incoming };
        peer.Send(tag, (ref PacketWriter packet) => bad.Write(ref packet));
        Assert.That(PacketView.TryParse(peer.Poll().Single(), out var answer), Is.True);
        Assert.That(answer.FirstChunk.Type, Is.EqualTo(ChunkType.Abort));
        Assert.That((answer.Header.VerificationTag, answer.FirstChunk.Flags), Is.EqualTo((bad.InitiateTag, (byte)0)));
        Assert.That(peer.Association.State, Is.EqualTo(isEnd ? SctpAssociationState.Closed : SctpAssociationState.CookieWait));
    }

    [Test]
    public void Init_ack_without_tag_ends_the_association_with_a_reflected_one()
    {
        var peer = new ScriptedPeer();
        var tag = Associate(peer);
        peer.Send(tag, (ref PacketWriter packet) => (peer.Init with { Cookie = [1, 2, 3, 4], InitiateTag = 0 }).Write(ref packet));
        Assert.That(PacketView.TryParse(peer.Poll().Single(), out var answer), Is.True);
        Assert.That(answer.FirstChunk.Type, Is.EqualTo(ChunkType.Abort));
        Assert.That((answer.Header.VerificationTag, answer.FirstChunk.Flags), Is.EqualTo((tag, AbortChunk.ReflectedTagFlag)));
        Assert.That(peer.Association.State, Is.EqualTo(SctpAssociationState.Closed));
    }

    [Test]
    public void Peer_that_still_ends_an_older_association_is_told_that_it_is_over([Values(SctpAssociationState.CookieWait, SctpAssociationState.CookieEchoed)] SctpAssociationState state)
    {
        var peer = new ScriptedPeer();
        var tag = Associate(peer);
        if (state == SctpAssociationState.CookieEchoed)
        {
            peer.Send(tag, (ref PacketWriter packet) => (peer.Init with { Cookie = [1, 2, 3, 4] }).Write(ref packet));
            peer.Poll();
        }

        peer.Send(0x77, (ref PacketWriter packet) => packet.AddChunk(ChunkType.ShutdownAck, 0, 0));
        Assert.That(PacketView.TryParse(peer.Poll().Single(), out var answer), Is.True);
        Assert.That(answer.FirstChunk.Type, Is.EqualTo(ChunkType.ShutdownComplete));
        Assert.That((answer.Header.VerificationTag, answer.FirstChunk.Flags), Is.EqualTo((0x77u, AbortChunk.ReflectedTagFlag)));
        Assert.That(peer.Association.State, Is.EqualTo(state));
    }

    [Test]
    public void Peer_that_restarts_while_the_association_ends_has_to_wait_for_its_end()
    {
        var peer = ScriptedPeer.Connected();
        var old = peer.RemoteTag;
        peer.RequestCookie(peer.Init with { InitiateTag = 0x5555_0001 });
        var (tag, cookie) = (peer.RemoteTag, peer.Cookie!);
        peer.Send(old, (ref PacketWriter packet) => ShutdownChunk.Write(ref packet, peer.RemoteInitialTsn));
        peer.Poll();
        Assert.That(peer.Association.State, Is.EqualTo(SctpAssociationState.ShutdownAckSent));
        peer.EchoCookie(tag, cookie);
        Assert.That(peer.Association.State, Is.EqualTo(SctpAssociationState.ShutdownAckSent));
        Assert.That(peer.PollChunks().Select(c => c.Type), Is.EquivalentTo(new[] { ChunkType.ShutdownAck, ChunkType.Error }));
    }

    [Test]
    public void Discards_init_bundled_with_other_chunks_or_with_a_tag()
    {
        var peer = new ScriptedPeer();
        peer.Send(0, (ref PacketWriter packet) =>
        {
            peer.Init.Write(ref packet);
            packet.AddChunk(ChunkType.CookieAck, 0, 0);
        });
        peer.Send(7, (ref PacketWriter packet) => peer.Init.Write(ref packet));
        Assert.That(peer.Poll(), Is.Empty);
        Assert.That(peer.Association.GetStatistics().PacketsDiscarded, Is.EqualTo(2));
    }

    [Test]
    public void Reports_unknown_parameters_of_an_init_that_ask_for_it()
    {
        var peer = new ScriptedPeer();
        var init = EncodeInit(peer.Init, "C123 0006 AAAA 0000 8123 0004 4001 0004 C000 0004");
        peer.Send(0, (ref PacketWriter packet) => packet.AddEncoded(init));
        var answer = peer.PollChunks().Single();
        Assert.That(answer.Type, Is.EqualTo(ChunkType.InitAck));

        // 0x4001 asks to stop and to be reported; what follows it is not looked at.
        Assert.That(Convert.ToHexString(answer.Value), Does.Contain("0008000AC1230006AAAA").And.Contain("0008000840010004"));
    }

    [TestCase("000B 000C 682E 6578 616D 0000", "0005 0010 000B 000C 682E 6578 616D 0000")]
    [TestCase("0005 0008 7F00 0001 C123 0004 000B 0006 6100", "0005 000A 000B 0006 6100")]
    public void Name_in_place_of_an_address_is_answered_with_abort(string parameters, string cause)
    {
        var peer = new ScriptedPeer();
        peer.Send(0, (ref PacketWriter packet) => packet.AddEncoded(EncodeInit(peer.Init, parameters)));
        Assert.That(PacketView.TryParse(peer.Poll().Single(), out var answer), Is.True);
        Assert.That((answer.FirstChunk.Type, answer.FirstChunk.Flags, answer.Header.VerificationTag), Is.EqualTo((ChunkType.Abort, (byte)0, ScriptedPeer.Tag)));
        Assert.That(answer.FirstChunk.Value.ToArray(), Is.EqualTo(Bytes.FromHex(cause)));
        Assert.That(peer.Association.State, Is.EqualTo(SctpAssociationState.New));

        var tag = Associate(peer);
        peer.Send(tag, (ref PacketWriter packet) => packet.AddEncoded(EncodeInit(peer.Init, $"0007 0008 0102 0304 {parameters}", ChunkType.InitAck)));
        var abort = peer.PollChunks().Single();
        Assert.That((abort.Type, Convert.ToHexString(abort.Value)), Is.EqualTo((ChunkType.Abort, cause.Replace(" ", string.Empty))));
        Assert.That(peer.Association.Error!.Kind, Is.EqualTo(SctpErrorKind.ProtocolViolation));
    }

    [Test]
    public void Name_longer_than_any_is_answered_without_it()
    {
        var peer = new ScriptedPeer();
        peer.Send(0, (ref PacketWriter packet) => packet.AddEncoded(EncodeInit(peer.Init, "000B 0404" + new string('6', 2048))));
        Assert.That(peer.PollChunks().Single().Value, Is.EqualTo(Bytes.FromHex("0005 0004")));
    }

    [Test]
    public void Addresses_in_an_init_are_ignored_and_what_follows_them_is_read()
    {
        var peer = new ScriptedPeer();
        var parameters = "0005 0008 7F00 0001 0006 0014 0000 0000 0000 0000 0000 0000 0000 0001 000C 0006 0005 0000 0009 0008 0000 1000 C000 0004";
        peer.Send(0, (ref PacketWriter packet) => packet.AddEncoded(EncodeInit(peer.Init, parameters)));
        Assert.That(PacketView.TryParse(peer.Poll().Single(), out var answer), Is.True);
        Assert.That(InitChunk.TryParse(answer.FirstChunk, out var initAck), Is.True);
        peer.EchoCookie(initAck!.InitiateTag, initAck.Cookie!);
        peer.Poll();
        peer.Association.Send(1, new SctpSendParameters(53, MaxRetransmissions: 0), [1], peer.Now);
        peer.Poll();
        peer.Advance(TimeSpan.FromSeconds(2));
        Assert.That(peer.PollChunks().Select(chunk => chunk.Type), Does.Contain(ChunkType.ForwardTsn), "Forward-TSN-Supported was read");
    }

    [Test]
    public void Init_ack_without_cookie_is_answered_with_what_is_missing()
    {
        var peer = new ScriptedPeer();
        var tag = Associate(peer);
        peer.Send(tag, (ref PacketWriter packet) => packet.AddEncoded(EncodeInit(peer.Init, "C000 0004", ChunkType.InitAck)));
        var abort = peer.PollChunks().Single();
        Assert.That((abort.Type, abort.Flags, Convert.ToHexString(abort.Value)), Is.EqualTo((ChunkType.Abort, (byte)0, "0002000A000000010007")));
        Assert.That(peer.Association.State, Is.EqualTo(SctpAssociationState.Closed));
    }

    [Test]
    public void Cookie_made_just_before_the_key_changes_is_taken_afterwards()
    {
        var peer = new ScriptedPeer(new SctpOptions { CookieLifetime = TimeSpan.FromSeconds(10) });
        peer.RequestCookie(peer.Init);
        peer.Advance(TimeSpan.FromSeconds(9));
        peer.RequestCookie(peer.Init);
        var (tag, cookie) = (peer.RemoteTag, peer.Cookie!);
        peer.Advance(TimeSpan.FromSeconds(2));
        peer.RequestCookie(peer.Init with { InitiateTag = 99 });
        peer.EchoCookie(tag, cookie);
        Assert.That(peer.Association.State, Is.EqualTo(SctpAssociationState.Established));
    }

    [Test]
    public void Heartbeat_before_the_peer_is_known_gets_no_answer()
    {
        var peer = new ScriptedPeer();
        var heartbeat = HeartbeatChunk.Encode([1, 2, 3, 4]);
        var tag = Associate(peer);
        peer.Send(tag, (ref PacketWriter packet) => packet.AddEncoded(heartbeat));
        Assert.That(peer.Poll(), Is.Empty);
        peer.Send(tag, (ref PacketWriter packet) => (peer.Init with { Cookie = [1, 2, 3, 4] }).Write(ref packet));
        Assert.That(peer.PollChunks().Select(chunk => chunk.Type), Is.EqualTo(new[] { ChunkType.CookieEcho }));
        peer.Send(tag, (ref PacketWriter packet) => packet.AddChunk(ChunkType.CookieAck, 0, 0));
        Assert.That(peer.PollChunks(), Is.Empty, "nor later");
        peer.Send(tag, (ref PacketWriter packet) => packet.AddEncoded(heartbeat));
        Assert.That(peer.PollChunks().Single().Type, Is.EqualTo(ChunkType.HeartbeatAck));
    }

    [Test]
    public void Report_of_unknown_parameters_fits_the_smallest_packet()
    {
        var peer = new ScriptedPeer(new SctpOptions { MaxPacketSize = SctpOptions.MinPacketSize, ZeroChecksum = true });
        var many = string.Concat(Enumerable.Range(0, 40).Select(i => $"C1{i:X2} 0009 AAAA AAAA AA00 0000")) + "C200 0604" + new string('6', 3072);
        peer.Send(0, (ref PacketWriter packet) => packet.AddEncoded(EncodeInit(peer.Init, many)));
        var answer = peer.Poll().Single();
        Assert.That(answer, Has.Length.LessThanOrEqualTo(SctpOptions.MinPacketSize));
        Assert.That(ScriptedPeer.Types(answer), Is.EqualTo(new[] { ChunkType.InitAck }));
        Assert.That(Convert.ToHexString(answer), Does.Contain("0008000DC1000009").And.Not.Contain("C2000604"));
    }

    [Test]
    public void Survives_a_corrupted_handshake_byte_by_byte()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var pair = new AssociationPair(new LinkConditions { CorruptionRate = 0.5 }, seed: seed + 1);
            pair.A.Association.Associate(pair.Pair.Now);
            pair.B.Association.Associate(pair.Pair.Now);
            Assert.That(pair.Pair.Drive(() => pair.AreEstablished, TimeSpan.FromMinutes(5)), Is.True);
        }
    }

    private static byte[] EncodeInit(InitChunk init, string parameters, ChunkType type = ChunkType.Init)
    {
        var packet = ScriptedPeer.Build(0, (ref PacketWriter writer) => (init with { SupportsForwardTsn = false, SupportedExtensions = null }).Write(ref writer));
        return EncodedChunk.Create(type, 0, [.. packet[16..32], .. Bytes.FromHex(parameters)]);
    }

    // Begins, and returns the tag of the own INIT.
    private static uint Associate(ScriptedPeer peer)
    {
        peer.Association.Associate(peer.Now);
        Assert.That(PacketView.TryParse(peer.Poll().Single(), out var packet), Is.True);
        Assert.That(InitChunk.TryParse(packet.FirstChunk, out var init), Is.True);
        return init!.InitiateTag;
    }
}
