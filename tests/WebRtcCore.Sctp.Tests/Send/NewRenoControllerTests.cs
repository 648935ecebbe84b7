using WebRtcCore.Sctp.Send;

namespace WebRtcCore.Sctp.Tests.Send;

public class NewRenoControllerTests
{
    private const int Packet = 1000;

    [Test]
    public void Slow_start_doubles_per_round()
    {
        var controller = new NewRenoController(Packet, 10);
        for (var i = 0; i < 10; i++)
        {
            controller.OnAcknowledged(Acknowledged(Packet));
        }

        Assert.That(controller.Window, Is.EqualTo(20 * Packet));
    }

    [Test]
    public void Window_that_is_not_used_does_not_grow()
    {
        var controller = new NewRenoController(Packet, 10);
        controller.OnAcknowledged(Acknowledged(Packet) with { WasLimiting = false });
        Assert.That(controller.Window, Is.EqualTo(10 * Packet));
    }

    [Test]
    public void Loss_halves_and_avoidance_adds_a_packet_per_window()
    {
        var controller = new NewRenoController(Packet, 40);
        controller.OnLoss(default);
        Assert.That((controller.Window, controller.SlowStartThreshold), Is.EqualTo((20L * Packet, 20L * Packet)));
        controller.OnAcknowledged(Acknowledged(Packet));
        var window = controller.Window;
        for (var acknowledged = 0L; acknowledged < window; acknowledged += Packet)
        {
            controller.OnAcknowledged(Acknowledged(Packet));
        }

        Assert.That(controller.Window, Is.EqualTo(window + Packet));
    }

    [Test]
    public void Timeout_begins_again_with_one_packet_and_never_below_four_at_the_threshold()
    {
        var controller = new NewRenoController(Packet, 4);
        controller.OnTimeout(default);
        Assert.That((controller.Window, controller.SlowStartThreshold), Is.EqualTo(((long)Packet, 4L * Packet)));
    }

    private static Acknowledgement Acknowledged(int bytes) => new(bytes, WasLimiting: true, IsRoundOver: false, Sample: null, Smoothed: default, Now: default);
}
