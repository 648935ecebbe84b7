using System.Text.Json;
using WebRtcCore.LoadTest;
using WebRtcCore.LoadTest.Measuring;
using WebRtcCore.LoadTest.Verbs;

namespace WebRtcCore.Tests.Load;

/// <summary>The command line and the output of benchmarks/WebRtcCore.LoadTest, which scripts rely on.</summary>
[TestFixture]
public sealed class LoadTestTests
{
    private static readonly IVerb[] Verbs = [new SetupVerb(), new ThroughputVerb(), new MessagesVerb(), new PingVerb(), new MemoryVerb(), new OnePortVerb(), new ChannelsVerb(), new RtpVerb(), new ForwardVerb(), new CongestionVerb(), new NetworkVerb(), new NatVerb()];

    [Test]
    public void Options_have_defaults_within_their_range() =>
        Assert.That(Verbs.SelectMany(verb => verb.Options).Where(option => option.Default < option.Minimum || option.Default > option.Maximum), Is.Empty);

    [TestCase(new string[0], 65_536, 8)]
    [TestCase(new[] { "--size", "1000" }, 1000, 8)]
    [TestCase(new[] { "--seconds=2", "--size=64" }, 64, 2)]
    public void Options_are_read_in_both_forms(string[] arguments, int size, int seconds)
    {
        Assert.That(VerbArguments.TryParse(new ThroughputVerb(), arguments, out var parsed, out _), Is.True);
        Assert.That((parsed!["size"], parsed["seconds"]), Is.EqualTo((size, seconds)));
    }

    [TestCase("--count")]
    [TestCase("--count", "many")]
    [TestCase("--count", "0")]
    [TestCase("--count=-1")]
    [TestCase("--count=5", "--count=5")]
    [TestCase("--size", "100")]
    [TestCase("5")]
    public void Bad_options_are_refused_with_a_sentence(params string[] arguments)
    {
        Assert.That(VerbArguments.TryParse(new SetupVerb(), arguments, out _, out var problem), Is.False);
        Assert.That(problem, Does.EndWith("."));
    }

    [Test]
    public void Help_lists_every_verb_and_option()
    {
        var help = HelpText.All(Verbs);

        Assert.That(Verbs.Where(verb => !help.Contains($"\n{verb.Name}: ", StringComparison.Ordinal)), Is.Empty);
        Assert.That(Verbs.SelectMany(verb => verb.Options).Where(option => !help.Contains($"--{option.Name} N", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public void Percentiles_are_samples()
    {
        var percentiles = new Percentiles(Enumerable.Range(1, 200).Reverse().Select(i => (double)i));

        Assert.That((percentiles[50], percentiles[99], percentiles.Maximum), Is.EqualTo((100.0, 198.0, 200.0)));
        Assert.That(new Percentiles([7.0])[50], Is.EqualTo(7.0));
    }

    [Test]
    public async Task Setup_prints_its_fields()
    {
        var line = await RunAsync(new SetupVerb(), "--count", "3");

        Assert.That(Fields(line), Is.SupersetOf(new[] { "name", "median_ms", "p99_ms", "max_ms", "cpu_ms_per_pair", "cpu_in_udp_packets" }));
        Assert.That(line.GetProperty("name").GetString(), Is.EqualTo("setup"));
        Assert.That(line.GetProperty("median_ms").GetDouble(), Is.Positive);
    }

    [Test]
    public async Task Channels_all_open_and_answer()
    {
        var line = await RunAsync(new ChannelsVerb(), "--count", "100");

        Assert.That(Fields(line), Is.SupersetOf(new[] { "name", "open_ms", "round_trips_ms", "heap_kilobytes_per_channel" }));
        Assert.That(line.GetProperty("answered").GetInt32(), Is.EqualTo(100));
    }

    [Test]
    public async Task Ping_prints_its_fields()
    {
        var line = await RunAsync(new PingVerb(), "--count", "50");

        Assert.That(Fields(line), Is.SupersetOf(new[] { "name", "p50_us", "p99_us", "udp_p50_us", "p50_to_udp" }));
        Assert.That(line.GetProperty("p50_us").GetDouble(), Is.Positive);
        Assert.That(line.GetProperty("udp_p50_us").GetDouble(), Is.Positive);
    }

    [Test]
    public async Task Congestion_prints_its_curves_and_draws_them()
    {
        var file = Path.Combine(TestContext.CurrentContext.WorkDirectory, "congestion.svg");
        var output = new StringWriter();
        Assert.That(VerbArguments.TryParse(new CongestionVerb(), ["--seconds", "12", "--flows", "2", "--svg", file], output, out var parsed, out var problem), Is.True, problem);
        var line = JsonDocument.Parse((await new CongestionVerb().RunAsync(parsed!)).ToString()).RootElement;

        Assert.That(Fields(line), Is.SupersetOf(new[] { "target_share_p50", "throughput_share", "queue_p50_ms" }));
        var samples = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(text => JsonDocument.Parse(text).RootElement).ToArray();
        Assert.That(samples, Has.Length.EqualTo(240));
        Assert.That(Fields(samples[0]), Is.EquivalentTo(new[] { "name", "time_s", "flow", "capacity_bps", "target_bps", "throughput_bps", "queue_ms" }));
        var svg = System.Xml.Linq.XDocument.Load(file).Root!;
        Assert.That(svg.Elements().Count(element => element.Name.LocalName == "polyline"), Is.EqualTo(6));
    }

    [Test]
    public async Task Forward_reaches_every_viewer_and_allocates_no_packets()
    {
        var line = await RunAsync(new ForwardVerb(), "--viewers", "20", "--kilobits", "2000", "--seconds", "3", "--warm-up", "8");

        Assert.That(line.GetProperty("viewers").GetInt32(), Is.EqualTo(20));
        Assert.That(line.GetProperty("packets_per_second").GetDouble(), Is.InRange(100, 6000));
        Assert.That(line.GetProperty("packets_per_second_and_core").GetDouble(), Is.Positive);
        Assert.That(line.GetProperty("cpu_to_udp_sends").GetDouble(), Is.Positive);
        Assert.That(line.GetProperty("loss_percent").GetDouble(), Is.LessThan(1));

        // Of the whole process, other tests' remains included, and caches that still grow in so short a time: but no copy is made anew for each packet.
        Assert.That(line.GetProperty("allocated_bytes_per_packet").GetDouble(), Is.LessThan(600));
    }

    private static async Task<JsonElement> RunAsync(IVerb verb, params string[] arguments)
    {
        Assert.That(VerbArguments.TryParse(verb, arguments, out var parsed, out var problem), Is.True, problem);
        return JsonDocument.Parse((await verb.RunAsync(parsed!)).ToString()).RootElement;
    }

    private static IEnumerable<string> Fields(JsonElement line) => line.EnumerateObject().Select(field => field.Name);

    [Test]
    public async Task Nat_prints_a_table_of_times()
    {
        var output = new StringWriter();
        Assert.That(VerbArguments.TryParse(new NatVerb(), ["--times", "1", "--runs", "1", "--table", "1"], output, out var arguments, out _), Is.True);
        using var line = JsonDocument.Parse((await new NatVerb().RunAsync(arguments!)).ToString());
        Assert.That(line.RootElement.GetProperty("failed").GetInt32(), Is.Zero);
        Assert.That(output.ToString(), Does.Contain("| open | open | host |"));
    }

    [Test]
    public async Task Network_prints_its_fields()
    {
        Assert.That(VerbArguments.TryParse(new NetworkVerb(), ["--rtt", "20", "--loss", "10", "--rate", "1", "--seconds", "2"], out var arguments, out _), Is.True);
        using var line = JsonDocument.Parse((await new NetworkVerb().RunAsync(arguments!)).ToString());
        Assert.That(line.RootElement.GetProperty("cells").GetInt32(), Is.EqualTo(3));
        Assert.That(line.RootElement.GetProperty("megabits_per_second_cubic").GetDouble(), Is.InRange(0.5, 1.0));
    }
}
