using WebRtcCore.Primitives;
using WebRtcCore.Rtp.Send;

namespace WebRtcCore.Rtp.Tests.Send;

public sealed class RetransmissionBudgetTests
{
    // security.md row 25.
    [Test]
    public void Retransmissions_stay_below_half_of_the_media_and_a_constant_rate()
    {
        var budget = new RetransmissionBudget();
        var now = Instant.Zero;
        long media = 0;
        long retransmitted = 0;
        for (var i = 0; i < 10_000; i++)
        {
            budget.OnMediaSent(1000, now);
            media += 1000;
            for (var j = 0; j < 10; j++)
            {
                retransmitted += budget.TrySpend(1000, now) ? 1000 : 0;
            }

            now += TimeSpan.FromMilliseconds(1);
        }

        Assert.That(retransmitted, Is.LessThanOrEqualTo((media / 2) + (10 * 16 * 1024) + (128 * 1024)));
        Assert.That(retransmitted, Is.GreaterThan(media * 45 / 100));
    }

    [Test]
    public void A_silent_stream_earns_budget_with_time_up_to_a_bound()
    {
        var budget = new RetransmissionBudget();
        var now = Instant.Zero;
        while (budget.TrySpend(1000, now))
        {
        }

        Assert.That(budget.TrySpend(1000, now + TimeSpan.FromMilliseconds(100)), Is.True);
        now += TimeSpan.FromHours(1);
        var spent = 0;
        while (budget.TrySpend(1000, now))
        {
            spent += 1000;
        }

        Assert.That(spent, Is.LessThanOrEqualTo(128 * 1024));
    }
}
