using WebRtcCore.Primitives;
using WebRtcCore.Rtp.HeaderExtensions;
using WebRtcCore.Rtp.Receive;

namespace WebRtcCore.Rtp.Tests.Receive;

/// <summary>RFC 8843, 9.2.</summary>
public sealed class RtpDemultiplexerTests
{
    private const byte MidId = 4;
    private const byte RidId = 10;
    private const byte RepairedRidId = 11;

    private static readonly RtpHeaderExtensionMap Extensions = new(
    [
        new(MidId, RtpHeaderExtensionUri.Mid),
        new(RidId, RtpHeaderExtensionUri.RtpStreamId),
        new(RepairedRidId, RtpHeaderExtensionUri.RepairedRtpStreamId),
    ]);

    private readonly List<RtpReceiveStream> _removed = [];
    private RtpDemultiplexer _demultiplexer = null!;
    private Instant _now;

    [SetUp]
    public void SetUp()
    {
        _removed.Clear();
        _now = Instant.Zero;
        _demultiplexer = new RtpDemultiplexer(
            new RtpSessionOptions { Cname = "c", MaxReceiveStreams = 4 }, static _ => { }, _removed.Add);
        _demultiplexer.SetReceivers([Receiver("0", 0, 111), Receiver("1", 1, 96, 97), Receiver("2", 2, 96, 97)]);
    }

    [Test]
    public void A_mid_tells_the_receiver_and_the_ssrc_is_remembered()
    {
        Assert.That(Route(1, 96, (MidId, "2"u8.ToArray())), Is.EqualTo(2));
        Assert.That(Route(1, 96), Is.EqualTo(2));
    }

    [Test]
    public void A_payload_type_of_one_receiver_only_tells_it()
    {
        Assert.That(Route(1, 111), Is.Zero);
        Assert.That(Route(2, 96), Is.Null);
    }

    [Test]
    public void An_announced_ssrc_tells_the_receiver()
    {
        _demultiplexer.SetReceivers([Receiver("1", 1, 96, 97), Receiver("2", 2, 96, 97) with { Ssrcs = [new RtpSsrcPair(new Ssrc(5))] }]);
        Assert.That(Route(5, 96), Is.EqualTo(2));
    }

    [Test]
    public void An_unknown_mid_drops_the_packet_even_of_a_known_ssrc()
    {
        Assert.That(Route(1, 111), Is.Zero);
        Assert.That(Route(1, 111, (MidId, "9"u8.ToArray())), Is.Null);
    }

    [Test]
    public void Another_mid_moves_the_ssrc()
    {
        Assert.That(Route(1, 96, (MidId, "1"u8.ToArray())), Is.EqualTo(1));
        Assert.That(Route(1, 96, (MidId, "2"u8.ToArray())), Is.EqualTo(2));
        Assert.That(_removed, Has.Count.EqualTo(1));
        Assert.That(Route(1, 96), Is.EqualTo(2));
    }

    [Test]
    public void A_payload_type_that_the_receiver_does_not_have_is_dropped()
    {
        Assert.That(Route(1, 111), Is.Zero);
        Assert.That(Route(1, 96), Is.Null);
        Assert.That(Route(1, 100), Is.Null);
        Assert.That(Route(2, 111, (MidId, "1"u8.ToArray())), Is.Null);
    }

    [Test]
    public void A_rid_names_the_stream_if_it_is_agreed()
    {
        _demultiplexer.SetReceivers([Receiver("1", 1, 96, 97) with { Rids = ["hi", "lo"] }]);
        Route(1, 96, (RidId, "hi"u8.ToArray()));
        Route(2, 96, (RidId, "no"u8.ToArray()));
        Route(3, 96);
        Route(3, 96, (RidId, "lo"u8.ToArray()));
        Assert.That(_demultiplexer.Streams.Select(s => s.Rid), Is.EqualTo(new[] { "hi", null, "lo" }));
    }

    [Test]
    public void Retransmissions_find_their_stream_by_repaired_rid_announcement_or_because_there_is_only_one()
    {
        _demultiplexer.SetReceivers([Receiver("1", 1, 96, 97) with { Rids = ["hi", "lo"] }]);
        Route(1, 96, (RidId, "hi"u8.ToArray()));
        Route(2, 96, (RidId, "lo"u8.ToArray()));
        Assert.That(RouteSource(3, 97)?.Stream, Is.Null);
        Assert.That(RouteSource(3, 97, (RepairedRidId, "lo"u8.ToArray()))?.Stream.Ssrc, Is.EqualTo(new Ssrc(2)));

        _demultiplexer.SetReceivers([Receiver("7", 7, 96, 97) with { Ssrcs = [new(new Ssrc(10), new Ssrc(11)), new(new Ssrc(20), new Ssrc(21))] }]);
        Route(10, 96);
        Route(20, 96);
        Assert.That(RouteSource(21, 97)?.Stream.Ssrc, Is.EqualTo(new Ssrc(20)));

        _demultiplexer.SetReceivers([Receiver("8", 8, 96, 97)]);
        Assert.That(RouteSource(31, 97), Is.Null);
        Route(30, 96);
        Assert.That(RouteSource(31, 97)?.Stream.Ssrc, Is.EqualTo(new Ssrc(30)));
    }

    [Test]
    public void Streams_of_receivers_that_stay_go_on_and_the_others_end()
    {
        Route(1, 96, (MidId, "1"u8.ToArray()));
        Route(2, 111);
        _demultiplexer.SetReceivers([Receiver("1", 5, 96)]);
        Assert.That(_removed.Select(s => s.Ssrc), Is.EqualTo(new[] { new Ssrc(2) }));
        Assert.That(Route(1, 96), Is.EqualTo(5));
        Assert.That(_demultiplexer.Streams.Single().Receiver.Handle, Is.EqualTo(5));
    }

    // security.md row 23.
    [Test]
    public void Sources_are_capped_and_a_new_one_replaces_only_one_long_silent()
    {
        for (uint ssrc = 1; ssrc <= 4; ssrc++)
        {
            Assert.That(Route(ssrc, 111), Is.Zero);
            _now += TimeSpan.FromSeconds(1);
        }

        Assert.That(Route(5, 111), Is.Null);
        _now += TimeSpan.FromSeconds(6.5);
        Assert.That(Route(5, 111), Is.Zero);
        Assert.That(_removed.Select(s => s.Ssrc), Is.EqualTo(new[] { new Ssrc(1) }));
        Assert.That(Route(6, 111), Is.Null);
    }

    private static RtpReceiverOptions Receiver(string mid, int handle, byte payloadType, byte? retransmission = null)
    {
        var formats = new List<RtpPayloadFormat> { new() { PayloadType = new(payloadType), ClockRate = 90_000 } };
        if (retransmission is { } rtx)
        {
            formats.Add(new RtpPayloadFormat { PayloadType = new(rtx), ClockRate = 90_000, AssociatedPayloadType = new(payloadType) });
        }

        return new RtpReceiverOptions { Mid = mid, Handle = handle, PayloadTypes = formats };
    }

    private int? Route(uint ssrc, byte payloadType, params (byte Id, byte[] Value)[] extensions) =>
        RouteSource(ssrc, payloadType, extensions)?.Receiver.Options.Handle;

    private RtpSource? RouteSource(uint ssrc, byte payloadType, params (byte Id, byte[] Value)[] extensions)
    {
        Assert.That(RtpPacketView.TryParse(TestPackets.Rtp(ssrc, payloadType, 1, 0, null, extensions), out var packet), Is.True);
        return _demultiplexer.TryRoute(packet, IncomingExtensions.Read(packet, Extensions), _now, out var source) ? source : null;
    }
}
