namespace WebRtcCore.Interop.Tests.Harness;

/// <summary>The programs that the tests talk to. A test without its peer is skipped with a reason, and fails where WEBRTCCORE_REQUIRE_PEERS is 1.</summary>
internal static class Peers
{
    private const string RequireVariable = "WEBRTCCORE_REQUIRE_PEERS";

    /// <summary>The full path of a program on PATH, such as <c>chromium</c> or <c>openssl</c>.</summary>
    public static string Require(string program)
    {
        if (Find(program) is { } path)
        {
            return path;
        }

        Refuse($"The test peer '{program}' is not installed; tests/install-peers.sh installs all of them.");
        return "";
    }

    /// <summary>Ends the test: ignored, or failed where peers are required.</summary>
    public static void Refuse(string reason)
    {
        TestContext.Progress.WriteLine($"{TestContext.CurrentContext.Test.Name}: {reason}");
        if (Environment.GetEnvironmentVariable(RequireVariable) == "1")
        {
            Assert.Fail(reason);
        }

        Assert.Ignore(reason);
    }

    private static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);
}
