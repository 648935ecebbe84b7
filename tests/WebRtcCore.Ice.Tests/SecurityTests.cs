using System.Diagnostics;
using WebRtcCore.Primitives;
using WebRtcCore.Stun;

namespace WebRtcCore.Ice.Tests;

/// <summary>The rows of docs/security.md that the ICE agent owns; consent (7) and role conflict (6) have fixtures of their own.</summary>
[TestFixture]
public class SecurityTests
{
    [Test]
    public void Security_1_malformed_datagrams_are_dropped()
    {
        var bench = new Bench();
        var request = bench.Request();
        for (var length = 0; length < request.Length; length++)
        {
            bench.Receive(request.AsSpan(0, length));
        }

        Assert.That(bench.Poll(), Is.Empty);
        Assert.That(bench.Agent.GetDroppedCount(IceDropReason.Malformed), Is.EqualTo(request.Length));
    }

    [Test]
    public void Security_2_a_check_that_is_not_proved_changes_nothing_and_gets_no_answer()
    {
        var bench = new Bench(IceRole.Controlled);
        bench.Poll();
        var before = Describe(bench);
        bench.Receive(bench.Request(IceRole.Controlling, isNominating: true, password: "wrongwrongwrongwrongwrong"));
        bench.Receive(bench.Request(IceRole.Controlling, isNominating: true, hasIntegrity: false));
        bench.Receive(bench.Request(IceRole.Controlling, isNominating: true, username: "else:peer"));
        bench.Receive(bench.Request(IceRole.Controlling, isNominating: true, username: bench.Agent.LocalCredentials.UsernameFragment));
        bench.Receive(bench.Request(IceRole.Controlling, isNominating: true, username: ""));
        bench.Receive(bench.Request(IceRole.Controlling, isNominating: true, hasFingerprint: false));
        bench.Receive(bench.Request(IceRole.Controlled, tieBreaker: ulong.MaxValue, password: "wrongwrongwrongwrongwrong"));
        Assert.That(bench.Poll(), Is.Empty);
        Assert.That(Describe(bench), Is.EqualTo(before));
        Assert.That(bench.Agent.IsValidatedPath(bench.Path), Is.False);
        Assert.That(bench.Agent.GetDroppedCount(IceDropReason.BadIntegrity), Is.EqualTo(3));
        Assert.That(bench.Agent.GetDroppedCount(IceDropReason.UnknownUsername), Is.EqualTo(3));
        Assert.That(bench.Agent.GetDroppedCount(IceDropReason.BadFingerprint), Is.EqualTo(1));
    }

    [Test]
    public void Security_2_every_changed_byte_of_a_check_is_dropped()
    {
        var bench = new Bench(IceRole.Controlled);
        var request = bench.Request(IceRole.Controlling, isNominating: true);
        for (var i = 0; i < request.Length; i++)
        {
            byte[] changed = [.. request];
            changed[i] ^= 0x10;
            bench.Receive(changed);
        }

        Assert.That(bench.Poll(), Is.Empty);
        Assert.That(bench.Agent.GetRemoteCandidates(), Is.Empty);
    }

    [Test]
    public void Security_2_an_answer_is_no_larger_than_its_request()
    {
        var bench = new Bench(IceRole.Controlled);
        byte[][] requests =
        [
            bench.Request(IceRole.Controlling),
            bench.Request(IceRole.Controlled, tieBreaker: 0),
            bench.Request(IceRole.Controlling, hasPriority: false),
            bench.Request(IceRole.Controlling, more: box =>
            {
                for (var type = 0x7000; type < 0x7040; type++)
                {
                    box.Add((StunAttributeType)type, []);
                }
            }),
        ];
        foreach (var request in requests)
        {
            bench.Receive(request);
            var answer = bench.Poll().First(s => s.Class != StunClass.Request);
            Assert.That(answer.Bytes, Has.Length.LessThanOrEqualTo(request.Length));
        }
    }

    [Test]
    public void Security_6_an_unknown_attribute_that_must_be_understood_is_answered_with_420()
    {
        var bench = new Bench(IceRole.Controlled);
        bench.Receive(bench.Request(IceRole.Controlling, isNominating: true, more: box => box.AddUInt32((StunAttributeType)0x7777, 1)));
        var answer = bench.Poll().Single();
        Assert.That(answer.Error, Is.EqualTo(StunErrorCode.UnknownAttribute));
        Assert.That(answer.View.TryGetAttribute(StunAttributeType.UnknownAttributes, out var unknown), Is.True);
        Assert.That(unknown.ToArray(), Is.EqualTo(new byte[] { 0x77, 0x77 }));
        Assert.That(bench.Agent.GetRemoteCandidates(), Is.Empty);

        bench.Receive(bench.Request(IceRole.Controlling, more: box => box.AddUInt32((StunAttributeType)0xC057, 1)));
        Assert.That(bench.Poll().First().Class, Is.EqualTo(StunClass.SuccessResponse), "one that may be skipped");
    }

    [Test]
    public void A_check_without_priority_is_answered_with_400()
    {
        var bench = new Bench(IceRole.Controlled);
        bench.Receive(bench.Request(IceRole.Controlling, hasPriority: false));
        Assert.That(bench.Poll().Single().Error, Is.EqualTo(StunErrorCode.BadRequest));
    }

    [Test]
    public void Security_8_spoofed_answers_are_dropped()
    {
        var bench = new Bench();
        bench.Agent.AddRemoteCandidate(Bench.Candidate(Bench.Remote), bench.Now);
        var check = bench.Poll().Single();
        bench.Receive(Bench.Answer(check, id: new StunTransactionId(9, 9)));
        Assert.That(bench.Agent.GetDroppedCount(IceDropReason.UnknownTransaction), Is.EqualTo(1));
        bench.Receive(Bench.Answer(check, password: "wrongwrongwrongwrongwrong"));
        bench.Receive(Bench.Answer(check, password: "wrongwrongwrongwrongwrong", error: StunErrorCode.RoleConflict));
        Assert.That(bench.Agent.GetDroppedCount(IceDropReason.BadIntegrity), Is.EqualTo(2));
        Assert.That(bench.Agent.State, Is.EqualTo(IceAgentState.Checking));
        Assert.That(bench.Agent.Role, Is.EqualTo(IceRole.Controlling));
        bench.Receive(Bench.Answer(check));
        Assert.That(bench.Agent.State, Is.EqualTo(IceAgentState.Connected), "the true one still counts");
        bench.Poll();
        bench.Receive(Bench.Answer(check));
        Assert.That(bench.Agent.GetDroppedCount(IceDropReason.UnknownTransaction), Is.EqualTo(2), "an answer counts once");
    }

    [Test]
    public void Security_8_an_answer_from_another_source_fails_the_pair()
    {
        var bench = new Bench();
        bench.Agent.AddRemoteCandidate(Bench.Candidate(Bench.Remote), bench.Now);
        bench.Receive(Bench.Answer(bench.Poll().Single()), new NetworkPath(Bench.Local, Bench.Remote.WithPort(1)));
        Assert.That(bench.Agent.GetDroppedCount(IceDropReason.WrongSource), Is.EqualTo(1));
        Assert.That(bench.Agent.GetCandidatePairs().Single().State, Is.EqualTo(IceCandidatePairState.Failed));
        Assert.That(bench.Agent.State, Is.EqualTo(IceAgentState.Checking));
    }

    [Test]
    public void Security_9_ten_thousand_candidates_are_capped_without_quadratic_work()
    {
        var hosts = Enumerable.Range(1, 8).Select(i => TransportAddress.Parse($"10.0.0.{i}", 5000)).ToArray();
        var bench = new Bench(IceRole.Controlling, null, true, hosts);
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < 10_000; i++)
        {
            var address = TransportAddress.FromBytes([172, 16, (byte)(i >> 8), (byte)i], 1 + (i % 60_000));
            bench.Agent.AddRemoteCandidate(Bench.Candidate(address, (uint)i + 1, $"f{i}"), bench.Now);
        }

        bench.Poll();
        Assert.That(bench.Agent.GetRemoteCandidates(), Has.Count.EqualTo(100));
        Assert.That(bench.Agent.GetCandidatePairs(), Has.Count.EqualTo(100));
        Assert.That(bench.Agent.GetDroppedCount(IceDropReason.LimitReached), Is.EqualTo(9_900));
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(5)));
    }

    [Test]
    public void Security_9_checks_from_ten_thousand_sources_are_capped()
    {
        var bench = new Bench(IceRole.Controlled);
        for (var i = 0; i < 10_000; i++)
        {
            bench.Receive(bench.Request(IceRole.Controlling), new NetworkPath(Bench.Local, TransportAddress.FromBytes([172, 16, (byte)(i >> 8), (byte)i], 99)));
            bench.Poll();
        }

        Assert.That(bench.Agent.GetRemoteCandidates(), Has.Count.EqualTo(20));
        Assert.That(bench.Agent.GetCandidatePairs(), Has.Count.EqualTo(20));
    }

    [Test]
    public void Security_9_checks_before_the_credentials_are_capped()
    {
        var bench = new Bench(IceRole.Controlled, hasCredentials: false);
        for (var i = 0; i < 1000; i++)
        {
            bench.Receive(bench.Request(IceRole.Controlling), new NetworkPath(Bench.Local, Bench.Remote.WithPort(i + 1)));
            bench.Poll();
        }

        Assert.That(bench.Agent.GetDroppedCount(IceDropReason.LimitReached), Is.EqualTo(980));
        bench.Agent.SetRemoteCredentials(Bench.PeerCredentials, bench.Now);
        Assert.That(bench.Agent.GetCandidatePairs(), Has.Count.EqualTo(20));
    }

    [Test]
    public void Security_11_data_goes_to_the_selected_pair_whoever_sent_last()
    {
        var bench = new Bench(IceRole.Controlled);
        bench.Connect();
        bench.Receive(bench.Request(IceRole.Controlling, isNominating: true));
        var elsewhere = new NetworkPath(Bench.Local, Bench.Remote.WithPort(1));
        bench.Receive(bench.Request(IceRole.Controlling, password: "wrongwrongwrongwrongwrong"), elsewhere);
        Assert.That(bench.Agent.IsValidatedPath(elsewhere), Is.False);
        bench.Receive(bench.Request(IceRole.Controlling), elsewhere);
        bench.AnswerAll();
        bench.Agent.TryGetSelectedPath(out var path);
        Assert.That(path, Is.EqualTo(bench.Path));
    }

    [Test]
    public void A_check_on_a_socket_that_is_not_of_this_agent_is_dropped()
    {
        var bench = new Bench(IceRole.Controlled);
        bench.Receive(bench.Request(IceRole.Controlling), new NetworkPath(Bench.Local.WithPort(1), Bench.Remote));
        Assert.That(bench.Poll(), Is.Empty);
        Assert.That(bench.Agent.GetDroppedCount(IceDropReason.NotExpected), Is.EqualTo(1));
    }

    [Test]
    public void A_closed_agent_is_silent()
    {
        var bench = new Bench();
        bench.Connect();
        bench.Poll();
        bench.Agent.Close(bench.Now);
        bench.Receive(bench.Request());
        bench.Agent.Restart(bench.Now);
        bench.Agent.AddRemoteCandidate(Bench.Candidate(Bench.Remote.WithPort(1)), bench.Now);
        Assert.That(bench.Run(TimeSpan.FromMinutes(1)), Is.Empty);
        Assert.That(bench.Agent.NextTimeout, Is.Null);
        Assert.That(bench.Agent.TryGetSelectedPath(out _), Is.False);
        Assert.That(bench.Agent.IsValidatedPath(bench.Path), Is.False);
        Assert.That(bench.Events.Last().State, Is.EqualTo(IceAgentState.Closed));
        bench.Agent.Dispose();
    }

    private static string Describe(Bench bench) =>
        $"{bench.Agent.State} {bench.Agent.Role} {string.Join(';', bench.Agent.GetCandidatePairs())} {string.Join(';', bench.Agent.GetRemoteCandidates())}";
}
