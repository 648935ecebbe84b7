namespace WebRtcCore.Interop.Tests.Harness;

/// <summary>samples/IceTrickle, from loopback addresses.</summary>
internal sealed class IceTrickleProcess : SampleProcess
{
    private IceTrickleProcess(IEnumerable<string> arguments)
        : base("IceTrickle", ["--address", "127.0.0.1", .. arguments])
    {
    }

    /// <summary>Serves the page.</summary>
    public static IceTrickleProcess Serve() => new(["--serve", "--urls", "http://127.0.0.1:0"]);

    /// <summary>Runs it to its end, and returns its exit code and what it printed.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        await using var process = new IceTrickleProcess(arguments);
        return (await process.WaitForExitAsync(), process.Output);
    }
}
