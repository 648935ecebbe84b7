using System.Net;
using System.Text;
using WebRtcCore.Interop.Tests.Harness;

namespace WebRtcCore.Interop.Tests.Sample;

/// <summary>What the samples with media make of their arguments, and of requests without sense.</summary>
internal sealed class MediaCommandLineTests
{
    [TestCase("RecordToFile", "--output", "--codec", "--limit")]
    [TestCase("SendMedia", "--source", "--codec", "--layers", "--rate", "--limit")]
    [TestCase("VoiceAgent", "--agent", "--codec", "--hangover", "--threshold")]
    public async Task Help_lists_the_options(string sample, params string[] options)
    {
        var (exitCode, output) = await CallSample.RunAsync(sample, "--help");

        Assert.That(exitCode, Is.Zero);
        foreach (string option in options.Concat(["--urls", "--address", "--stun", "--help"]))
        {
            Assert.That(output, Does.Contain($"\n  {option} "));
        }
    }

    [TestCase("RecordToFile", "--codec", "H261")]
    [TestCase("RecordToFile", "--limit", "0")]
    [TestCase("RecordToFile", "--address", "localhost")]
    [TestCase("RecordToFile", "--output")]
    [TestCase("RecordToFile", "here")]
    [TestCase("SendMedia", "--source", "/no/such/file")]
    [TestCase("SendMedia", "--codec", "H264")]
    [TestCase("SendMedia", "--layers", "720")]
    [TestCase("SendMedia", "--layers", "720:900,360:400")]
    [TestCase("SendMedia", "--rate", "61")]
    [TestCase("SendMedia", "--limit", "501")]
    [TestCase("VoiceAgent", "--agent", "HAL")]
    [TestCase("VoiceAgent", "--codec", "GSM")]
    [TestCase("VoiceAgent", "--hangover", "99")]
    [TestCase("VoiceAgent", "--threshold", "2")]
    public async Task An_argument_without_sense_ends_with_2_and_a_sentence(string sample, params string[] arguments)
    {
        var (exitCode, output) = await CallSample.RunAsync(sample, arguments);

        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(output, Does.EndWith("--help lists the options."));
    }

    [Test]
    public async Task A_folder_that_cannot_be_made_ends_with_1_and_a_sentence()
    {
        var (exitCode, output) = await CallSample.RunAsync("RecordToFile", "--output", "/proc/recordings");

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(output, Does.StartWith("Nothing can be stored in /proc/recordings: ").And.Not.Contain("   at "));
    }

    [TestCase("RecordToFile")]
    [TestCase("SendMedia")]
    [TestCase("VoiceAgent")]
    public async Task An_offer_without_sense_is_refused_with_400(string sample)
    {
        var (process, address) = await CallSample.ServeAsync(sample);
        await using var running = process;
        using var http = new HttpClient();
        foreach (string body in new[] { "hello", "{}", """{"type":"offer","sdp":"v=1"}""" })
        {
            using var content = new StringContent(body, Encoding.UTF8);
            using var response = await http.PostAsync(new Uri(address, "offer"), content);
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest), body);
        }
    }
}
