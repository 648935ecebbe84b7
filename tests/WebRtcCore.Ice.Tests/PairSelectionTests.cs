using WebRtcCore.Primitives;
using WebRtcCore.Testing;

namespace WebRtcCore.Ice.Tests;

[TestFixture]
public class PairSelectionTests
{
    private static readonly Instant Start = Instant.Zero + TimeSpan.FromSeconds(1);
    private static readonly IceAgentOptions Options = new();

    private CheckList _list = null!;
    private CheckTransactions _transactions = null!;
    private AgentRole _role = null!;
    private PairSelection _selection = null!;

    [SetUp]
    public void SetUp()
    {
        _list = new CheckList(100);
        _role = new AgentRole(IceRole.Controlling, isLite: false, new SeededRandomSource(1));
        _transactions = new CheckTransactions(Options, new SeededRandomSource(1));
        _selection = new PairSelection(_role, _list, new Nomination(Options, _role), new ConsentCheck(Options, new SeededRandomSource(1)), _transactions);
    }

    [Test]
    public void A_pair_that_works_is_selected_and_its_end_is_the_loss_of_consent_only_when_nothing_else_may_work()
    {
        var (works, other) = (Add(10), Add(5));
        Succeed(works);
        _selection.Select(isRetired: false, Start);
        Assert.That(_selection.Selected, Is.SameAs(works));
        Assert.That(_selection.HasEverWorked, Is.True);

        _list.SetState(works, IceCandidatePairState.Failed);
        _selection.Select(isRetired: false, Start);
        Assert.That(_selection.Selected, Is.Null);
        Assert.That(_selection.HasLostConsent, Is.False, "the other may work yet");

        Succeed(other);
        _selection.Select(isRetired: false, Start);
        _list.SetState(other, IceCandidatePairState.Failed);
        _selection.Select(isRetired: false, Start);
        Assert.That(_selection.HasLostConsent, Is.True);
    }

    [Test]
    public void The_loss_of_its_socket_moves_it_without_the_loss_of_consent_until_another_pair_works()
    {
        var gone = Add(10);
        Succeed(gone);
        _selection.Select(isRetired: false, Start);
        _selection.OnLocalRemoved(TransportAddress.Parse("10.9.9.9", 1), TransportProtocol.Udp);
        Assert.That(_selection.IsMoving, Is.False, "it is not its socket");

        _selection.OnLocalRemoved(gone.Path.Local, TransportProtocol.Tcp);
        Assert.That(_selection.IsMoving, Is.False, "it is another one of the same number");

        _selection.OnLocalRemoved(gone.Path.Local, TransportProtocol.Udp);
        _list.Remove(gone);
        _selection.Select(isRetired: false, Start);
        Assert.That((_selection.IsMoving, _selection.HasLostConsent), Is.EqualTo((true, false)));

        Succeed(Add(5));
        _selection.Select(isRetired: false, Start);
        Assert.That(_selection.IsMoving, Is.False);
    }

    [Test]
    public void A_nominated_pair_ends_the_checks_that_cannot_beat_it([Values] bool isControlling, [Values] bool isRetired)
    {
        _role.Set(isControlling ? IceRole.Controlling : IceRole.Controlled);
        var (better, nominated, worse) = (Add(20), Add(10), Add(5));
        foreach (var pair in new[] { better, worse })
        {
            _list.SetState(pair, IceCandidatePairState.InProgress);
            _transactions.Start(pair, _role.Role, 0, TimeSpan.FromMilliseconds(100), Start);
        }

        Succeed(nominated);
        nominated.Nomination = 1;
        _selection.Select(isRetired, Start);

        // The controlled agent leaves better ones to its peer's decision; the controlling one has decided.
        Assert.That(_transactions.IsUnderWay(better), Is.EqualTo(isRetired || !isControlling));
        Assert.That(_transactions.IsUnderWay(worse), Is.EqualTo(isRetired));
    }

    private CandidatePair Add(uint priority)
    {
        var remote = Bench.Candidate(Bench.Remote.WithPort((int)(10_000 + priority)), priority, $"f{priority}");
        var local = new LocalCandidate(Bench.Candidate(Bench.Local, 100, "l"), Bench.Local, 1);
        var pair = new CandidatePair((int)priority, local, remote, new NetworkPath(Bench.Local, remote.Address));
        Assert.That(_list.TryAdd(pair, _role.Role), Is.True);
        return pair;
    }

    private void Succeed(CandidatePair pair)
    {
        _list.SetState(pair, IceCandidatePairState.Succeeded);
        pair.OnAnswer(null, Start);
    }
}
