namespace WebRtcCore.Interop.Tests.Harness;

/// <summary>samples/FileTransfer.</summary>
internal sealed class FileTransferProcess : SampleProcess
{
    private FileTransferProcess(IEnumerable<string> arguments)
        : base("FileTransfer", arguments)
    {
    }

    /// <summary>Starts it to serve on 127.0.0.1, on a free port or the one of an earlier address, and waits until it prints its address.</summary>
    public static async Task<(FileTransferProcess Process, Uri Address)> ServeAsync(Uri? earlier, params string[] arguments)
    {
        var process = new FileTransferProcess(["--urls", $"http://127.0.0.1:{earlier?.Port ?? 0}", "--address", "127.0.0.1", "--keys", .. arguments]);
        return (process, await process.Address);
    }

    /// <summary>Starts it to exchange files with one that serves.</summary>
    public static FileTransferProcess Connect(Uri address, params string[] arguments) =>
        new(["--connect", address.ToString(), "--address", "127.0.0.1", "--keys", .. arguments]);

    /// <summary>Runs it to its end, and returns its exit code and what it printed.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        await using var process = new FileTransferProcess(arguments);
        return (await process.WaitForExitAsync(), process.Output);
    }
}
