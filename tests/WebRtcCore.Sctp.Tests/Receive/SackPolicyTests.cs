using WebRtcCore.Sctp.Receive;
using WebRtcCore.Testing;

namespace WebRtcCore.Sctp.Tests.Receive;

public class SackPolicyTests
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(20);

    [Test]
    public void Every_second_packet_is_acknowledged_at_once()
    {
        var policy = MakePolicy();
        policy.OnPacket(isUrgent: false, VirtualClock.Start);
        Assert.That((policy.IsDue, policy.IsPending, policy.Deadline), Is.EqualTo((false, true, VirtualClock.Start + Delay)));
        policy.OnPacket(isUrgent: false, VirtualClock.Start);
        Assert.That((policy.IsDue, policy.Deadline), Is.EqualTo((true, (Primitives.Instant?)null)));
        policy.OnSent();
        Assert.That(policy.IsPending, Is.False);
    }

    [Test]
    public void Urgent_packet_is_acknowledged_at_once()
    {
        var policy = MakePolicy();
        policy.OnPacket(isUrgent: true, VirtualClock.Start);
        Assert.That(policy.IsDue, Is.True);
    }

    [Test]
    public void Lone_packet_is_acknowledged_after_the_delay()
    {
        var policy = MakePolicy();
        policy.OnPacket(isUrgent: false, VirtualClock.Start);
        policy.OnTimeout(VirtualClock.Start + TimeSpan.FromMilliseconds(19));
        Assert.That(policy.IsDue, Is.False);
        policy.OnTimeout(VirtualClock.Start + Delay);
        Assert.That(policy.IsDue, Is.True);
    }

    [Test]
    public void First_packet_is_acknowledged_at_once()
    {
        var policy = new SackPolicy(Delay);
        policy.OnPacket(isUrgent: false, VirtualClock.Start);
        Assert.That(policy.IsDue, Is.True);
    }

    // The first packet is behind it.
    private static SackPolicy MakePolicy()
    {
        var policy = new SackPolicy(Delay);
        policy.OnPacket(isUrgent: false, VirtualClock.Start);
        policy.OnSent();
        return policy;
    }
}
