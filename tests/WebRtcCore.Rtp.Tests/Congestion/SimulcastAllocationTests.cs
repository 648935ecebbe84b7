using WebRtcCore.Primitives;
using WebRtcCore.Rtp.Congestion;
using WebRtcCore.Testing;

namespace WebRtcCore.Rtp.Tests.Congestion;

/// <summary>What the layers of a simulcast get of a rate that is known.</summary>
public sealed class SimulcastAllocationTests
{
    private const long Small = 200_000;
    private const long Middle = 700_000;
    private const long Large = 2_500_000;

    // Headers and SRTP are off the rate: so much is left of it for payload.
    private const double Payload = 1100.0 / 1180;

    [TestCase(150_000, 150_000 * Payload, 0, 0, TestName = "{m}(less than the smallest)")]
    [TestCase(300_000, Small, 0, 0, TestName = "{m}(too little for the second)")]
    [TestCase(600_000, Small, (600_000 * Payload) - Small, 0, TestName = "{m}(two)")]
    [TestCase(1_500_000, Small, Middle, 0, TestName = "{m}(too little for the third)")]
    [TestCase(2_500_000, Small, Middle, (2_500_000 * Payload) - Small - Middle, TestName = "{m}(three)")]
    [TestCase(9_000_000, Small, Middle, Large, TestName = "{m}(more than all want)")]
    public void Smaller_layers_come_first_and_a_larger_one_only_where_it_is_worth_it(long rate, double small, double middle, double large)
    {
        var layers = AddLayers(NewSession(rate));
        Assert.That(layers.Select(layer => (double)layer.TargetBitrateBps!.Value), Is.EqualTo(new[] { small, middle, large }).Within(0.1).Percent);
    }

    [Test]
    public void A_layer_that_is_on_stays_on_where_one_that_is_off_would_not_come_on()
    {
        // The third needs 625 kbit/s; what is left for it is between that and a fifth more.
        var session = NewSession(1_700_000);
        var layers = AddLayers(session);
        Assert.That(layers[2].TargetBitrateBps, Is.Zero);

        session.UpdateSendStream(layers[1], layers[1].Options with { IsActive = false });
        Assert.That(layers[1].TargetBitrateBps, Is.Zero);
        Assert.That(layers[2].TargetBitrateBps, Is.Positive);
        session.UpdateSendStream(layers[1], layers[1].Options with { IsActive = true });
        Assert.That(layers[2].TargetBitrateBps, Is.InRange(625_000, 750_000));
    }

    [Test]
    public void Layers_together_share_with_other_streams_as_one()
    {
        var session = NewSession(2_000_000);
        var layers = AddLayers(session);
        var other = session.AddSendStream(Options(9, 20));
        // Nobody has sent: each is told what it would get beside those that have.
        Send(layers[0]);
        Send(other);
        session.UpdateSendStream(other, other.Options);
        Assert.That(other.TargetBitrateBps, Is.EqualTo(1_000_000 * Payload).Within(3).Percent);
        Assert.That(layers.Sum(layer => layer.TargetBitrateBps), Is.EqualTo(Small + Middle).Within(3).Percent);
    }

    private static RtpSession NewSession(long rate)
    {
        var options = new RtpSessionOptions
        {
            Cname = "a",
            NtpOrigin = NtpTimestamp.From(SessionPair.Origin),
            CongestionControl = new CongestionControlOptions { StartBitrateBps = rate, CreateController = o => new ConstantRateController(o) },
        };
        var session = new RtpSession(options, new SeededRandomSource(1));
        session.SetHeaderExtensions(SessionPair.Extensions);
        return session;
    }

    // The order of the streams is not that of their sizes.
    private static RtpSendStream[] AddLayers(RtpSession session)
    {
        var large = session.AddSendStream(Options(1, 10) with { SimulcastLayer = 2, MaxBitrateBps = Large, MinBitrateBps = Large / 4, IsActive = false });
        var small = session.AddSendStream(Options(1, 12) with { SimulcastLayer = 0, MaxBitrateBps = Small, MinBitrateBps = Small / 4, IsActive = false });
        var middle = session.AddSendStream(Options(1, 14) with { SimulcastLayer = 1, MaxBitrateBps = Middle, MinBitrateBps = Middle / 4, IsActive = false });
        RtpSendStream[] layers = [small, middle, large];
        foreach (var layer in layers)
        {
            session.UpdateSendStream(layer, layer.Options with { IsActive = true });
        }

        return layers;
    }

    private static void Send(RtpSendStream stream) =>
        Assert.That(stream.TryWritePacket(new byte[1500], new byte[1100], new PayloadType(96), 0, true, default(Instant), out _), Is.True);

    private static RtpSendStreamOptions Options(int handle, uint ssrc) => new()
    {
        Handle = handle,
        Ssrc = new Ssrc(ssrc),
        PayloadTypes = [new() { PayloadType = new(96), ClockRate = 90_000, Feedback = RtcpFeedbackKinds.TransportCc }],
    };
}
