using WebRtcCore.Primitives;
using WebRtcCore.Stun;
using WebRtcCore.Testing;

namespace WebRtcCore.Ice.Tests;

[TestFixture]
public class ConsentTests
{
    [Test]
    public void Security_7_checks_come_every_4_to_6_seconds_at_random()
    {
        var bench = new Bench();
        bench.Connect();
        var last = bench.Now;
        var gaps = new List<double>();
        while (gaps.Count < 100)
        {
            var sent = bench.Run(bench.Agent.NextTimeout!.Value - bench.Now);
            foreach (var check in sent)
            {
                gaps.Add((bench.Now - last).TotalSeconds);
                last = bench.Now;
                bench.Receive(Bench.Answer(check));
            }
        }

        Assert.That(gaps, Is.All.InRange(4.0, 6.0));
        Assert.That(gaps.Max() - gaps.Min(), Is.GreaterThan(1));
        Assert.That(bench.Agent.State, Is.EqualTo(IceAgentState.Connected));
    }

    [Test]
    public void Checks_fall_on_ticks_that_agents_of_one_clock_share()
    {
        var bench = new Bench();
        bench.Connect();
        var starts = new List<long>();
        while (starts.Count < 50)
        {
            foreach (var check in bench.Run(bench.Agent.NextTimeout!.Value - bench.Now))
            {
                starts.Add(bench.Now.Ticks % TimeSpan.FromSeconds(1).Ticks);
                bench.Receive(Bench.Answer(check));
            }
        }

        Assert.That(starts, Is.All.Zero);
    }

    [Test]
    public void Security_7_thirty_seconds_without_an_answer_stop_everything_sent()
    {
        var pair = IcePair.Connected();
        pair.Drive(TimeSpan.FromSeconds(20));
        pair.Network.Conditions = new LinkConditions { IsDown = true };
        var lost = pair.Now;
        Assert.That(pair.Drive(() => pair.A.Agent.State == IceAgentState.Disconnected, 12), Is.True, "told early");
        Assert.That(pair.A.SelectedPath, Is.Not.Null, "still allowed to send");
        Assert.That(pair.Drive(() => pair.A.Agent.State == IceAgentState.Failed && pair.B.Agent.State == IceAgentState.Failed, 31), Is.True);
        Assert.That((pair.Now - lost).TotalSeconds, Is.LessThanOrEqualTo(30.1));
        Assert.That(pair.A.SelectedPath, Is.Null);
        Assert.That(pair.A.Agent.IsValidatedPath(new NetworkPath(IcePair.AddressA, IcePair.AddressB)), Is.False);
        Assert.That(pair.A.Events.Last(e => e.Kind == IceEventKind.SelectedPathChanged).Path, Is.Null);

        // RFC 7675 5.1: consent that has expired does not come back by itself.
        pair.Network.Conditions = LinkConditions.Good;
        var sent = pair.A.Host!.DatagramsSent;
        pair.Drive(TimeSpan.FromMinutes(5));
        Assert.That(pair.A.Host.DatagramsSent, Is.EqualTo(sent));
        Assert.That(pair.A.Agent.State, Is.EqualTo(IceAgentState.Failed));
    }

    [Test]
    public void An_interruption_of_15_seconds_is_told_and_recovered_from()
    {
        var pair = IcePair.Connected();
        pair.Drive(TimeSpan.FromSeconds(10));
        pair.Network.Conditions = new LinkConditions { IsDown = true };
        pair.Drive(TimeSpan.FromSeconds(15));
        Assert.That(pair.A.Agent.State, Is.EqualTo(IceAgentState.Disconnected));
        Assert.That(pair.B.Agent.State, Is.EqualTo(IceAgentState.Disconnected));
        pair.Network.Conditions = LinkConditions.Good;
        Assert.That(pair.Drive(() => pair.BothConnected, 7), Is.True);
    }

    [Test]
    public void A_tenth_of_the_packets_lost_never_looks_like_a_disconnect()
    {
        var pair = IcePair.Connected();
        pair.Network.Conditions = new LinkConditions { LossRate = 0.1 };
        pair.Drive(TimeSpan.FromHours(1));
        Assert.That(pair.A.States, Does.Not.Contain(IceAgentState.Disconnected));
        Assert.That(pair.BothConnected, Is.True);
    }

    [Test]
    public void An_answer_from_elsewhere_or_with_a_wrong_password_does_not_extend_consent()
    {
        var bench = new Bench();
        bench.Connect();
        for (var i = 0; i < 40 && bench.Agent.State != IceAgentState.Failed; i++)
        {
            foreach (var check in bench.Run(TimeSpan.FromSeconds(1)))
            {
                bench.Receive(Bench.Answer(check), new NetworkPath(Bench.Local, Bench.Remote.WithPort(1)));
                bench.Receive(Bench.Answer(check, password: "wrongwrongwrongwrongwrong"));
                bench.Receive(Bench.Answer(check, error: StunErrorCode.ServerError));
            }
        }

        Assert.That(bench.Agent.State, Is.EqualTo(IceAgentState.Failed));
    }

    [Test]
    public void A_403_answer_revokes_consent_at_once([Values] bool isProved)
    {
        var bench = new Bench();
        bench.Connect();
        var check = bench.Run(TimeSpan.FromSeconds(6)).First(s => s.Class == StunClass.Request);
        bench.Receive(Bench.Answer(check, error: StunErrorCode.Forbidden, password: isProved ? null : "wrongwrongwrongwrongwrong"));
        Assert.That(bench.Agent.TryGetSelectedPath(out _), Is.EqualTo(!isProved));
        Assert.That(bench.Agent.State, isProved ? Is.EqualTo(IceAgentState.Failed) : Is.AnyOf(IceAgentState.Connected, IceAgentState.Completed));
    }

    [Test]
    public void Consent_is_counted_and_round_trips_are_measured()
    {
        var pair = new IcePair(conditions: new LinkConditions { Delay = TimeSpan.FromMilliseconds(25) }).Place().Signal();
        pair.Drive(() => pair.BothNominated);
        pair.Drive(TimeSpan.FromSeconds(60));
        var selected = pair.A.Agent.GetSelectedPair()!;
        Assert.That(selected.ConsentRequestsSent, Is.InRange(10, 15));
        Assert.That(selected.ResponsesReceived, Is.EqualTo(selected.RequestsSent + selected.ConsentRequestsSent));
        Assert.That(selected.CurrentRoundTripTime, Is.EqualTo(TimeSpan.FromMilliseconds(50)));
        Assert.That(selected.TotalRoundTripTime, Is.EqualTo(TimeSpan.FromMilliseconds(50) * selected.ResponsesReceived));
        Assert.That(pair.A.Agent.RoundTripTime, Is.EqualTo(TimeSpan.FromMilliseconds(50)));
        Assert.That(pair.B.Agent.GetSelectedPair()!.RequestsReceived, Is.EqualTo(selected.RequestsSent + selected.ConsentRequestsSent));
    }

    [Test]
    public void Keeping_alive_and_answering_allocate_nothing()
    {
        var pair = IcePair.Connected();
        var buffer = new byte[1200];
        var answer = new byte[1200];
        var now = pair.Now;
        var path = new NetworkPath(IcePair.AddressA, IcePair.AddressB);
        var back = new NetworkPath(IcePair.AddressB, IcePair.AddressA);
        var allocated = Allocations.Measure(() =>
        {
            now += TimeSpan.FromSeconds(6);
            Exchange(pair.A.Agent, pair.B.Agent, path, back, buffer, answer, now);
            Exchange(pair.B.Agent, pair.A.Agent, back, path, buffer, answer, now);
        });
        Assert.That(allocated, Is.Zero);
        Assert.That(pair.A.Agent.State, Is.EqualTo(IceAgentState.Completed));
    }

    private static void Exchange(IceAgent from, IceAgent to, NetworkPath path, NetworkPath back, byte[] buffer, byte[] answer, Instant now)
    {
        from.HandleTimeout(now);
        while (from.TryPollTransmit(buffer, out var transmit))
        {
            to.HandleDatagram(buffer.AsSpan(0, transmit.Length), back, now);
            while (to.TryPollTransmit(answer, out var reply))
            {
                from.HandleDatagram(answer.AsSpan(0, reply.Length), path, now);
            }
        }
    }
}
