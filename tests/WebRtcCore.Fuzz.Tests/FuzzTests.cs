using WebRtcCore.Testing;

namespace WebRtcCore.Fuzz.Tests;

/// <summary>Each target with its saved inputs, its seeds and a bounded number of mutations, the same on every run. Longer ones: tests/WebRtcCore.Fuzz.</summary>
[Parallelizable(ParallelScope.Children)]
public class FuzzTests
{
    private const int Mutations = 3000;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(4);

    private static IEnumerable<string> Targets => FuzzTargets.All.Select(target => target.Name);

    [TestCaseSource(nameof(Targets))]
    public void Has_seeds(string name) => Assert.That(FuzzTargets.Find(name)!.Seeds(), Is.Not.Empty);

    [TestCaseSource(nameof(Targets))]
    public void Gets_where_it_should_when_left_alone(string name) => Assert.That(FuzzTargets.Find(name)!.CanReachItsGoal());

    [TestCaseSource(nameof(Targets))]
    public void Survives_what_once_made_it_fail(string name)
    {
        var runner = new FuzzRunner(FuzzTargets.Find(name)!, 0);
        foreach (var file in TestData.Files($"corpus/fuzz/{name}"))
        {
            Assert.That(runner.Run(File.ReadAllBytes(file))?.Exception, Is.Null, file);
        }
    }

    [TestCaseSource(nameof(Targets))]
    public void Survives_mutations_of_its_seeds(string name)
    {
        var target = FuzzTargets.Find(name)!;
        var runner = new FuzzRunner(target, seed: 20_260_101);
        var failure = runner.Run(Mutations, Limit);
        Assert.That(failure?.Exception, Is.Null, failure is null ? "" : Convert.ToHexStringLower(failure.Input));
        Assert.That(runner.Inputs, Is.Positive);
    }
}
