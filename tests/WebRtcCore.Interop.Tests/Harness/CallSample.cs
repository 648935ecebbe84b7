namespace WebRtcCore.Interop.Tests.Harness;

/// <summary>One of the samples with calls, on a free port.</summary>
internal sealed class CallSample : SampleProcess
{
    private CallSample(string sample, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
        : base(sample, arguments, environment)
    {
    }

    /// <summary>Starts it to serve calls on 127.0.0.1, and waits until it prints its address.</summary>
    public static async Task<(CallSample Process, Uri Address)> ServeAsync(string sample, params string[] more)
    {
        var process = new CallSample(sample, ["--urls", "http://127.0.0.1:0", "--address", "127.0.0.1", .. more]);
        return (process, await process.Address);
    }

    /// <summary>Runs it to its end, and returns its exit code and what it printed.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(string sample, params string[] arguments)
    {
        await using var process = new CallSample(sample, arguments);
        return (await process.WaitForExitAsync(), process.Output);
    }

    /// <summary>The same, without arguments and with some variables of the environment changed.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(string sample, IReadOnlyDictionary<string, string> environment)
    {
        await using var process = new CallSample(sample, [], environment);
        return (await process.WaitForExitAsync(), process.Output);
    }
}
