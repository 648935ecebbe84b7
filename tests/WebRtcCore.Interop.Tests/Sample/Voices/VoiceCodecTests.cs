using VoiceAgent;

namespace WebRtcCore.Interop.Tests.Sample.Voices;

/// <summary>What the sound of a call travels as.</summary>
internal sealed class VoiceCodecTests
{
    [TestCase("auto", true, "audio/opus", false)]
    [TestCase("auto", false, "audio/PCMU", true)]
    [TestCase("opus", true, "audio/opus", false)]
    [TestCase("g711", true, "audio/PCMU", false)]
    [TestCase("g711", false, "audio/PCMU", false)]
    public void Opus_is_taken_where_its_library_is_there_and_G711_elsewhere(string name, bool isOpusAvailable, string mimeType, bool isFallback)
    {
        var codec = VoiceCodec.Find(name, isOpusAvailable)!;

        Assert.That(codec.IsFallback, Is.EqualTo(isFallback));
        Assert.That(codec.Options.AudioCapabilities.Codecs.Select(c => c.MimeType), Is.EqualTo((string[])[mimeType]));
        Assert.That(codec.Options.AudioCodecs, Has.Count.EqualTo(1));
    }

    [Test]
    public void Opus_that_is_asked_for_by_name_has_no_substitute() => Assert.That(VoiceCodec.Find("opus", isOpusAvailable: false), Is.Null);
}
