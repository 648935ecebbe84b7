using WebRtcCore.Primitives;

namespace WebRtcCore.Ice.Tests;

[TestFixture]
public class CheckListTests
{
    private int _lastId;

    [Test]
    public void Pairs_stand_in_order_of_priority()
    {
        var list = new CheckList(100);
        foreach (var priority in new uint[] { 5, 900, 30, 900, 1 })
        {
            Assert.That(list.TryAdd(Pair(priority), IceRole.Controlling), Is.True);
        }

        Assert.That(list.Pairs.Select(p => p.Remote.Priority), Is.EqualTo(new uint[] { 900, 900, 30, 5, 1 }));
    }

    [Test]
    public void A_path_is_added_once()
    {
        var list = new CheckList(100);
        Assert.That(list.TryAdd(Pair(5, port: 7), IceRole.Controlling), Is.True);
        Assert.That(list.TryAdd(Pair(6, port: 7), IceRole.Controlling), Is.False);
    }

    [Test]
    public void One_pair_of_a_foundation_goes_first_and_its_success_thaws_the_others()
    {
        var list = new CheckList(100);
        var first = Pair(3, "same");
        var second = Pair(2, "same");
        var other = Pair(1, "other");
        Array.ForEach([first, second, other], p => list.TryAdd(p, IceRole.Controlling));
        Assert.That(first.State, Is.EqualTo(IceCandidatePairState.Waiting));
        Assert.That(second.State, Is.EqualTo(IceCandidatePairState.Frozen));
        Assert.That(other.State, Is.EqualTo(IceCandidatePairState.Waiting));
        list.SetState(first, IceCandidatePairState.Succeeded);
        Assert.That(second.State, Is.EqualTo(IceCandidatePairState.Waiting));
        var late = Pair(9, "same");
        list.TryAdd(late, IceRole.Controlling);
        Assert.That(late.State, Is.EqualTo(IceCandidatePairState.Waiting), "its foundation works");
    }

    [Test]
    public void A_frozen_pair_is_next_once_nothing_of_its_foundation_is_under_way()
    {
        var list = new CheckList(100);
        var first = Pair(3, "same");
        var second = Pair(2, "same");
        Array.ForEach([first, second], p => list.TryAdd(p, IceRole.Controlling));
        Assert.That(list.PeekNext(), Is.SameAs(first));
        list.SetState(first, IceCandidatePairState.InProgress);
        Assert.That(list.PeekNext(), Is.Null);
        list.SetState(first, IceCandidatePairState.Failed);
        Assert.That(list.PeekNext(), Is.SameAs(second));
    }

    [Test]
    public void A_full_list_drops_its_worst_pair_that_is_not_in_use()
    {
        var list = new CheckList(3);
        var working = Pair(1);
        Array.ForEach([Pair(10), Pair(5), working], p => list.TryAdd(p, IceRole.Controlling));
        list.SetState(working, IceCandidatePairState.Succeeded);
        Assert.That(list.TryAdd(Pair(4), IceRole.Controlling), Is.False, "worse than what could go");
        Assert.That(list.TryAdd(Pair(6), IceRole.Controlling), Is.True);
        Assert.That(list.Pairs.Select(p => p.Remote.Priority), Is.EqualTo(new uint[] { 10, 6, 1 }));
    }

    [Test]
    public void A_full_list_drops_a_pair_that_has_failed_first()
    {
        var list = new CheckList(3);
        var failed = Pair(10);
        Array.ForEach([failed, Pair(7), Pair(6)], p => list.TryAdd(p, IceRole.Controlling));
        list.SetState(failed, IceCandidatePairState.Failed);
        Assert.That(list.TryAdd(Pair(4), IceRole.Controlling), Is.True);
        Assert.That(list.Pairs.Select(p => p.Remote.Priority), Is.EqualTo(new uint[] { 7, 6, 4 }));
        Assert.That(list.TryAdd(Pair(3), IceRole.Controlling), Is.False);
    }

    [Test]
    public void A_pair_that_is_better_than_all_of_its_foundation_does_not_wait_for_them()
    {
        var list = new CheckList(100);
        var (first, better, worse) = (Pair(5, "same"), Pair(9, "same"), Pair(7, "same"));
        Array.ForEach([first, better, worse], p => list.TryAdd(p, IceRole.Controlling));
        Assert.That(
            new[] { first.State, better.State, worse.State },
            Is.EqualTo(new[] { IceCandidatePairState.Waiting, IceCandidatePairState.Waiting, IceCandidatePairState.Frozen }));
    }

    [Test]
    public void Counts_follow_every_change()
    {
        var list = new CheckList(100);
        var pairs = Enumerable.Range(0, 20).Select(i => Pair((uint)i, $"f{i % 3}")).ToList();
        pairs.ForEach(p => list.TryAdd(p, IceRole.Controlling));
        list.SetState(pairs[0], IceCandidatePairState.InProgress);
        list.SetState(pairs[1], IceCandidatePairState.Succeeded);
        list.SetState(pairs[2], IceCandidatePairState.Failed);
        list.DropUncheckedBelow(ulong.MaxValue);
        foreach (var state in Enum.GetValues<IceCandidatePairState>())
        {
            Assert.That(list.Count(state), Is.EqualTo(list.Pairs.Count(p => p.State == state)), state.ToString());
        }

        Assert.That(list.Pairs, Has.Count.EqualTo(3));
        Assert.That(list.PeekNext(), Is.Null);
    }

    [Test]
    public void A_role_switch_computes_the_order_anew()
    {
        var list = new CheckList(10);
        var pair = Pair(5);
        list.TryAdd(pair, IceRole.Controlling);
        var before = pair.Priority;
        list.UpdatePriorities(IceRole.Controlled);
        Assert.That(pair.Priority, Is.EqualTo(CandidatePriority.ForPair(5, 100)));
        Assert.That(before, Is.EqualTo(CandidatePriority.ForPair(100, 5)));
    }

    private CandidatePair Pair(uint priority, string? foundation = null, int? port = null)
    {
        var id = ++_lastId;
        var remote = Bench.Candidate(Bench.Remote.WithPort(port ?? 10_000 + id), priority, foundation ?? $"f{id}");
        var local = new LocalCandidate(Bench.Candidate(Bench.Local, 100, "l"), Bench.Local, 1);
        return new CandidatePair(id, local, remote, new NetworkPath(Bench.Local, remote.Address));
    }
}
