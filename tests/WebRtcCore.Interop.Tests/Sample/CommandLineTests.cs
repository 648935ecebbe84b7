using WebRtcCore.Interop.Tests.Harness;

namespace WebRtcCore.Interop.Tests.Sample;

/// <summary>What the sample makes of its arguments.</summary>
internal sealed class CommandLineTests
{
    [Test]
    public async Task Help_lists_the_options()
    {
        var (exitCode, output) = await EchoPeerProcess.RunAsync("--help");

        Assert.That(exitCode, Is.Zero);
        Assert.That(output, Does.Contain("--urls").And.Contain("--address").And.Contain("--stun").And.Contain("--help"));
    }

    [TestCase("--port", "8080")]
    [TestCase("--address", "localhost")]
    [TestCase("--address")]
    [TestCase("--urls", "8080")]
    [TestCase("--stun", "http://stun.example.org")]
    [TestCase("here")]
    public async Task An_argument_without_sense_ends_with_2_and_a_sentence(params string[] arguments)
    {
        var (exitCode, output) = await EchoPeerProcess.RunAsync(arguments);

        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(output, Does.EndWith("--help lists the options."));
    }

    [Test]
    public async Task An_address_in_use_ends_with_1_and_a_sentence()
    {
        var (first, address) = await EchoPeerProcess.ServeAsync();
        await using var running = first;
        var (exitCode, output) = await EchoPeerProcess.RunAsync("--urls", address.GetLeftPart(UriPartial.Authority));

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(output, Does.StartWith("The page cannot be served on ").And.Not.Contain("   at "));
    }
}
