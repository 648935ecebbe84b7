using CsCheck;
using WebRtcCore.Primitives;
using WebRtcCore.Testing;

namespace WebRtcCore.Stun.Tests.Turn;

[TestFixture]
public class TurnWireTests
{
    private static readonly StunTransactionId Id = new(1, 2);
    private static readonly TransportAddress Peer4 = TransportAddress.Parse("203.0.113.9", 5004);
    private static readonly TransportAddress Peer6 = TransportAddress.Parse("2001:db8::9", 5004);

    [Test]
    public void Every_attribute_is_read_as_it_was_written()
    {
        var writer = new StunMessageWriter(new byte[500], StunClass.Request, StunMethod.Allocate, Id);
        writer.AddRequestedTransport();
        writer.AddAddressFamily(StunAttributeType.RequestedAddressFamily, TurnAddressFamily.IPv6);
        writer.AddAddressFamily(StunAttributeType.AdditionalAddressFamily, TurnAddressFamily.IPv4);
        writer.AddEvenPort(reservesNext: true);
        writer.AddFlag(StunAttributeType.DontFragment);
        writer.AddUInt64(StunAttributeType.ReservationToken, 0x1122334455667788);
        writer.AddUInt32(StunAttributeType.Lifetime, 600);
        writer.AddChannel(new TurnChannel(0x4001));
        writer.AddXorAddress(StunAttributeType.XorPeerAddress, Peer4);
        writer.AddXorAddress(StunAttributeType.XorRelayedAddress, Peer6);
        writer.AddAddressErrorCode(TurnAddressFamily.IPv6, StunErrorCode.AddressFamilyNotSupported, "none");
        writer.AddIcmp(3, 4, 1280);
        Assert.That(StunMessageView.TryParse(writer.Written, out var m), Is.True);
        Assert.That(m.Method, Is.EqualTo(StunMethod.Allocate));
        Assert.That(m.TryGetRequestedTransport(out var protocol) && protocol == 17, Is.True);
        Assert.That(m.TryGetAddressFamily(StunAttributeType.RequestedAddressFamily, out var family) && family == TurnAddressFamily.IPv6, Is.True);
        Assert.That(m.TryGetAddressFamily(StunAttributeType.AdditionalAddressFamily, out family) && family == TurnAddressFamily.IPv4, Is.True);
        Assert.That(m.TryGetEvenPort(out var reserves) && reserves, Is.True);
        Assert.That(m.HasAttribute(StunAttributeType.DontFragment), Is.True);
        Assert.That(m.TryGetUInt64(StunAttributeType.ReservationToken, out var token) && token == 0x1122334455667788, Is.True);
        Assert.That(m.TryGetUInt32(StunAttributeType.Lifetime, out var lifetime) && lifetime == 600, Is.True);
        Assert.That(m.TryGetChannel(out var channel) && channel.Value == 0x4001 && channel.IsValid, Is.True);
        Assert.That(m.TryGetXorAddress(StunAttributeType.XorPeerAddress, out var peer) && peer == Peer4, Is.True);
        Assert.That(m.TryGetXorAddress(StunAttributeType.XorRelayedAddress, out var relayed) && relayed == Peer6, Is.True);
        Assert.That(m.TryGetAddressErrorCode(out family, out var code) && family == TurnAddressFamily.IPv6 && code == StunErrorCode.AddressFamilyNotSupported, Is.True);
        Assert.That(m.TryGetIcmp(out var type, out var icmpCode, out var data) && (type, icmpCode, data) == (3, 4, 1280u), Is.True);
        Assert.That(m.GetUnknownRequired(new ushort[4]), Is.Zero, "all of them are understood");
    }

    [Test]
    public void Attributes_of_a_wrong_length_are_not_found()
    {
        StunAttributeType[] types =
        [
            StunAttributeType.RequestedTransport, StunAttributeType.RequestedAddressFamily, StunAttributeType.EvenPort, StunAttributeType.ChannelNumber,
            StunAttributeType.AddressErrorCode, StunAttributeType.Icmp,
        ];
        foreach (var type in types)
        {
            var writer = new StunMessageWriter(new byte[100], StunClass.Request, StunMethod.Allocate, Id);
            writer.Add(type, [1, 2, 3]);
            Assert.That(StunMessageView.TryParse(writer.Written, out var m), Is.True);
            var found = m.TryGetRequestedTransport(out _) || m.TryGetAddressFamily(type, out _) || m.TryGetEvenPort(out _) || m.TryGetChannel(out _)
                || m.TryGetAddressErrorCode(out _, out _) || m.TryGetIcmp(out _, out _, out _);
            Assert.That(found, Is.False, type.ToString());
        }
    }

    [TestCase(0, false, 4)]
    [TestCase(1, false, 5)]
    [TestCase(1, true, 8)]
    [TestCase(4, true, 8)]
    [TestCase(1200, true, 1204)]
    public void Channel_data_is_padded_over_streams_only(int length, bool isPadded, int expected)
    {
        var bytes = new byte[1300];
        Array.Fill(bytes, (byte)0xEE);
        Assert.That(TurnChannelData.Complete(bytes, new TurnChannel(0x4FFF), length, isPadded), Is.EqualTo(expected));
        Assert.That(TurnChannelData.TryParse(bytes.AsSpan(0, expected), out var channel, out var read), Is.True);
        Assert.That((channel.Value, read), Is.EqualTo(((ushort)0x4FFF, length)));
        Assert.That(bytes.AsSpan(4 + length, expected - 4 - length).ToArray(), Is.All.Zero, "padding is zero");
    }

    [Test]
    public void Channel_data_that_lies_about_its_length_is_refused()
    {
        Assert.That(TurnChannelData.TryParse([0x40, 0, 0, 5, 1, 2, 3, 4], out _, out _), Is.False);
        Assert.That(TurnChannelData.TryParse([0x40, 0, 0], out _, out _), Is.False);
        Assert.That(TurnChannelData.TryParse([0x80, 0, 0, 0], out _, out _), Is.False, "no number of a channel");
        Assert.That(TurnChannelData.TryParse([], out _, out _), Is.False);
    }

    [Test]
    public void An_indication_is_read_as_it_was_written() =>
        Gen.Select(Gen.Byte.Array[0, 1200], Gen.Bool).Sample((data, isIPv6) =>
        {
            var peer = isIPv6 ? Peer6 : Peer4;
            var bytes = new byte[data.Length + TurnIndication.MaxOverhead + 3];
            data.CopyTo(bytes.AsSpan(TurnIndication.GetDataOffset(peer)));
            var length = TurnIndication.Complete(bytes, StunMethod.Send, Id, peer, data.Length);
            return StunMessageView.TryParse(bytes.AsSpan(0, length), out var message)
                && message is { Class: StunClass.Indication, Method: StunMethod.Send }
                && TurnIndication.TryRead(message, out var read, out var payload)
                && read == peer && payload.SequenceEqual(data);
        });

    [Test]
    public void An_indication_without_peer_or_data_is_refused()
    {
        var writer = new StunMessageWriter(new byte[100], StunClass.Indication, StunMethod.Data, Id);
        writer.Add(StunAttributeType.Data, [1]);
        Assert.That(StunMessageView.TryParse(writer.Written, out var message) && !TurnIndication.TryRead(message, out _, out _), Is.True);
        writer = new StunMessageWriter(new byte[100], StunClass.Indication, StunMethod.Data, Id);
        writer.AddXorAddress(StunAttributeType.XorPeerAddress, Peer4);
        Assert.That(StunMessageView.TryParse(writer.Written, out message) && !TurnIndication.TryRead(message, out _, out _), Is.True);
    }

    [Test]
    public void Wrapping_allocates_nothing()
    {
        var bytes = new byte[1300];
        Assert.That(Allocations.Measure(() =>
        {
            var length = TurnIndication.Complete(bytes, StunMethod.Send, Id, Peer4, 1000);
            _ = StunMessageView.TryParse(bytes.AsSpan(0, length), out var message) && TurnIndication.TryRead(message, out _, out _);
            length = TurnChannelData.Complete(bytes, new TurnChannel(0x4000), 1000, isPadded: true);
            _ = TurnChannelData.TryParse(bytes.AsSpan(0, length), out _, out _);
        }), Is.Zero);
    }

    [TestCase("::ffff:10.0.0.1", "10.0.0.1")]
    [TestCase("::10.0.0.1", "10.0.0.1")]
    [TestCase("64:ff9b::10.0.0.1", "10.0.0.1")]
    [TestCase("127.0.0.1", "127.0.0.1")]
    [TestCase("::1", "::1")]
    [TestCase("2001:db8::1", "2001:db8::1")]
    public void Security_4_peer_addresses_have_one_canonical_form(string address, string expected)
    {
        Assert.That(TurnPeerAddress.TryCanonicalize(TransportAddress.Parse(address, 9), out var canonical), Is.True);
        Assert.That(canonical, Is.EqualTo(TransportAddress.Parse(expected, 9)));
    }

    [TestCase("0.0.0.0")]
    [TestCase("0.1.2.3")]
    [TestCase("::")]
    [TestCase("::ffff:0.0.0.0")]
    [TestCase("64:ff9b::")]
    [TestCase("224.0.0.1")]
    [TestCase("255.255.255.255")]
    [TestCase("ff02::1")]
    public void Security_4_addresses_that_no_peer_can_have_are_refused(string address) =>
        Assert.That(TurnPeerAddress.TryCanonicalize(TransportAddress.Parse(address, 9), out _), Is.False);

    [TestCase("127.8.0.1", TurnPeerScope.Loopback)]
    [TestCase("::1", TurnPeerScope.Loopback)]
    [TestCase("::ffff:127.0.0.1", TurnPeerScope.Loopback)]
    [TestCase("::127.0.0.1", TurnPeerScope.Loopback)]
    [TestCase("64:ff9b::7f00:1", TurnPeerScope.Loopback)]
    [TestCase("2002:7f00:1::1", TurnPeerScope.Loopback)]
    [TestCase("169.254.169.254", TurnPeerScope.LinkLocal)]
    [TestCase("::ffff:169.254.169.254", TurnPeerScope.LinkLocal)]
    [TestCase("fe80::1", TurnPeerScope.LinkLocal)]
    [TestCase("10.1.2.3", TurnPeerScope.Private)]
    [TestCase("172.31.0.1", TurnPeerScope.Private)]
    [TestCase("172.32.0.1", TurnPeerScope.Global)]
    [TestCase("192.168.0.1", TurnPeerScope.Private)]
    [TestCase("100.64.0.1", TurnPeerScope.Private)]
    [TestCase("fd00::1", TurnPeerScope.Private)]
    [TestCase("fec0::1", TurnPeerScope.Private)]
    [TestCase("8.8.8.8", TurnPeerScope.Global)]
    [TestCase("2001:4860:4860::8888", TurnPeerScope.Global)]
    [TestCase("0.0.0.0", TurnPeerScope.NotAHost)]
    public void Security_4_a_wrapped_address_has_the_scope_of_what_is_inside(string address, TurnPeerScope expected) =>
        Assert.That(TurnPeerAddress.GetScope(TransportAddress.Parse(address, 9)), Is.EqualTo(expected));

    [Test]
    public void Every_prefix_of_a_frame_is_incomplete_and_the_whole_is_complete()
    {
        byte[][] frames = [MessageBytes(), [0x40, 0x00, 0, 5, 1, 2, 3, 4, 5, 0, 0, 0]];
        foreach (var frame in frames)
        {
            for (var length = 0; length < frame.Length; length++)
            {
                Assert.That(TurnStreamFrame.Read(frame.AsSpan(0, length), length, 2000, out _), Is.EqualTo(TurnStreamFrame.Outcome.Incomplete));
            }

            byte[] stream = [.. frame, .. frame];
            Assert.That(TurnStreamFrame.Read(stream, stream.Length, 2000, out var total), Is.EqualTo(TurnStreamFrame.Outcome.Complete));
            Assert.That(total, Is.EqualTo(frame.Length));
        }
    }

    [TestCase(new byte[] { 0x16, 3, 1, 0 })]
    [TestCase(new byte[] { 0x80, 0, 0, 0 })]
    [TestCase(new byte[] { 0x00, 1, 0, 3 })]
    public void Security_12_a_stream_that_cannot_be_read_is_given_up(byte[] bytes) =>
        Assert.That(TurnStreamFrame.Read(bytes, bytes.Length, 2000, out _), Is.EqualTo(TurnStreamFrame.Outcome.Invalid));

    [TestCase(new byte[] { 0x40, 0, 0xFF, 0xFF }, 65_540)]
    [TestCase(new byte[] { 0x00, 1, 0xFF, 0xFC }, 65_552)]
    [TestCase(new byte[] { 0x40, 0, 0x07, 0xCD }, 2_004)]
    public void Security_12_a_message_that_is_too_long_says_how_much_to_skip(byte[] bytes, int expected)
    {
        Assert.That(TurnStreamFrame.Read(bytes, bytes.Length, 2000, out var length), Is.EqualTo(TurnStreamFrame.Outcome.TooLong));
        Assert.That(length, Is.EqualTo(expected));
    }

    private static byte[] MessageBytes()
    {
        var writer = new StunMessageWriter(new byte[100], StunClass.Request, StunMethod.Allocate, Id);
        writer.AddRequestedTransport();
        return writer.Written.ToArray();
    }
}
