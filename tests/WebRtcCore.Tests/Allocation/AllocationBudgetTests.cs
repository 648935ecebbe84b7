using System.Reflection;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using WebRtcCore.Benchmarks;
using WebRtcCore.Testing;

namespace WebRtcCore.Tests.Allocation;

/// <summary>Runs the benchmarks that have a row in benchmarks/allocation-budgets.json and counts the bytes that they allocate.</summary>
[TestFixture]
[NonParallelizable]
public sealed class AllocationBudgetTests
{
    // These run for milliseconds; once each is enough to see what they allocate.
    private const int ColdIterations = 20;
    private const int HotIterations = 2000;

    private static IReadOnlyDictionary<string, long> Budgets =>
        JsonSerializer.Deserialize<SortedDictionary<string, long>>(File.ReadAllText(Path.Combine(TestData.Root, "..", "benchmarks", "allocation-budgets.json")))!;

    private static IEnumerable<TestCaseData> Cases => Budgets.Select(budget => new TestCaseData(budget.Key, budget.Value));

    private static IEnumerable<MethodInfo> Benchmarks => typeof(StunBenchmarks).Assembly.GetExportedTypes()
        .SelectMany(type => type.GetMethods())
        .Where(method => method.GetCustomAttribute<BenchmarkAttribute>() is not null);

    [TestCaseSource(nameof(Cases))]
    public void Stays_within_its_budget(string benchmark, long budgetBytes)
    {
        var method = Benchmarks.Single(method => method.Name == benchmark);
        var instance = Activator.CreateInstance(method.DeclaringType!)!;
        foreach (var setup in method.DeclaringType!.GetMethods().Where(found => found.GetCustomAttribute<GlobalSetupAttribute>() is not null))
        {
            setup.Invoke(instance, null);
        }

        var allocated = Allocations.Measure(ToAction(method, instance), budgetBytes == 0 ? HotIterations : ColdIterations);

        Assert.That(allocated, Is.LessThanOrEqualTo(budgetBytes), "bytes per operation");
    }

    [Test]
    public void Budgets_name_benchmarks_that_exist() =>
        Assert.That(Budgets.Keys, Is.SubsetOf(Benchmarks.Select(method => method.Name)));

    [Test]
    public void Every_packet_path_has_a_budget_of_zero()
    {
        string[] areas = ["Stun", "Turn", "Rtp", "Rtcp", "Srtp", "Srtcp"];
        var hot = Benchmarks.Select(method => method.Name).Where(name => areas.Contains(name.Split('_')[0]));

        Assert.That(hot.Where(name => Budgets.GetValueOrDefault(name, -1) != 0), Is.Empty);
    }

    // A delegate of the method's own type: reflection would box the result.
    private static Action ToAction(MethodInfo method, object instance) =>
        (Action)typeof(AllocationBudgetTests).GetMethod(nameof(Wrap), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(method.ReturnType).Invoke(null, [method, instance])!;

    private static Action Wrap<TResult>(MethodInfo method, object instance)
    {
        var benchmark = method.CreateDelegate<Func<TResult>>(instance);
        return () => benchmark();
    }
}
