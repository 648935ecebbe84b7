using WebRtcCore.Interop.Tests.Harness;

namespace WebRtcCore.Interop.Tests.Sample.Transfers;

/// <summary>What the sample makes of its arguments.</summary>
internal sealed class TransferCommandLineTests
{
    [Test]
    public async Task Help_lists_the_options()
    {
        var (exitCode, output) = await FileTransferProcess.RunAsync("--help");

        Assert.That(exitCode, Is.Zero);
        foreach (string option in new[] { "--send", "--receive", "--directory", "--connect", "--urls", "--address", "--stun", "--keys", "--help" })
        {
            Assert.That(output, Does.Contain(option));
        }
    }

    [TestCase("--port", "8080")]
    [TestCase("--address", "localhost")]
    [TestCase("--address")]
    [TestCase("--urls", "8080")]
    [TestCase("--stun", "http://stun.example.org")]
    [TestCase("--send", "/no/such/file")]
    [TestCase("--send", "/tmp")]
    [TestCase("--receive", "/etc/passwd")]
    [TestCase("--connect", "host:8080", "--receive", "in")]
    [TestCase("--connect", "http://127.0.0.1:1")]
    [TestCase("here")]
    public async Task An_argument_without_sense_ends_with_2_and_a_sentence(params string[] arguments)
    {
        var (exitCode, output) = await FileTransferProcess.RunAsync(arguments);

        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(output, Does.EndWith("--help lists the options."));
    }

    [Test]
    public async Task An_address_in_use_ends_with_1_and_a_sentence()
    {
        using var folder = new FileFolder();
        var (first, address) = await FileTransferProcess.ServeAsync(null, "--receive", folder.Incoming);
        await using var running = first;
        var (exitCode, output) = await FileTransferProcess.RunAsync("--urls", address.GetLeftPart(UriPartial.Authority), "--receive", folder.Incoming);

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(output, Does.StartWith("Files cannot be exchanged on ").And.Not.Contain("   at "));
    }

    [Test]
    public async Task A_process_that_is_not_there_ends_with_1_and_a_sentence()
    {
        using var folder = new FileFolder();
        var (exitCode, output) = await FileTransferProcess.RunAsync("--connect", "http://127.0.0.1:1", "--receive", folder.Incoming);

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(output, Does.StartWith("http://127.0.0.1:1/ cannot be reached: ").And.Not.Contain("   at "));
    }
}
