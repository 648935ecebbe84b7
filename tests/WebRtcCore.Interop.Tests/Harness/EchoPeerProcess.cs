namespace WebRtcCore.Interop.Tests.Harness;

/// <summary>samples/EchoPeer, on a free port.</summary>
internal sealed class EchoPeerProcess : SampleProcess
{
    private EchoPeerProcess(string[] arguments)
        : base("EchoPeer", arguments)
    {
    }

    /// <summary>Starts it to serve calls on 127.0.0.1, and waits until it prints its address.</summary>
    public static async Task<(EchoPeerProcess Process, Uri Address)> ServeAsync(params string[] more)
    {
        var process = new EchoPeerProcess(["--urls", "http://127.0.0.1:0", "--address", "127.0.0.1", .. more]);
        return (process, await process.Address);
    }

    /// <summary>Runs it to its end, and returns its exit code and what it printed.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        await using var process = new EchoPeerProcess(arguments);
        return (await process.WaitForExitAsync(), process.Output);
    }
}
