using WebRtcCore.Testing;

namespace WebRtcCore.Sdp.Tests;

/// <summary>The descriptions under tests/corpus/sdp.</summary>
internal static class SdpCorpus
{
    private static readonly string Root = TestData.Path("corpus/sdp");

    internal static IEnumerable<string> Names =>
        Directory.EnumerateFiles(Root, "*.sdp", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Order(StringComparer.Ordinal);

    internal static string Read(string name) => File.ReadAllText(Path.Combine(Root, name));

    internal static SdpSession Parse(string text)
    {
        Assert.That(SdpSession.TryParse(text, out var session, out var error), Is.True, () => error!.ToString());
        return session!;
    }
}
