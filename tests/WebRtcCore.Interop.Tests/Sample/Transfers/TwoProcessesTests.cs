using WebRtcCore.Interop.Tests.Harness;

namespace WebRtcCore.Interop.Tests.Sample.Transfers;

/// <summary>Two processes of the sample, one that serves and one that connects.</summary>
internal sealed class TwoProcessesTests
{
    private FileFolder _here = null!;
    private FileFolder _there = null!;

    [SetUp]
    public void MakeFolders()
    {
        _here = new FileFolder();
        _there = new FileFolder();
    }

    [TearDown]
    public void DeleteFolders()
    {
        _here.Dispose();
        _there.Dispose();
    }

    [Test]
    public async Task Exchange_files_both_ways_at_once()
    {
        string[] given = [_here.Make("one.bin", 20), _here.Make("two.bin", 3), _here.Make("empty.bin", 0)];
        string[] taken = [_there.Make("three.bin", 10), _there.Make("four.bin", 5)];
        var (server, address) = await FileTransferProcess.ServeAsync(null, "--receive", _there.Incoming, "--send", taken[0], "--send", taken[1]);
        await using var serving = server;
        await using var client = FileTransferProcess.Connect(address, "--receive", _here.Incoming, "--send", given[0], "--send", given[1], "--send", given[2]);

        Assert.That(await client.WaitForExitAsync(), Is.Zero);
        AssertSame(_there, given);
        AssertSame(_here, taken);
    }

    [Test]
    public async Task Leave_a_file_of_the_same_name_alone()
    {
        string file = _here.Make("one.bin", 1);
        var (server, address) = await FileTransferProcess.ServeAsync(null, "--receive", _there.Incoming);
        await using var serving = server;
        for (int i = 0; i < 2; i++)
        {
            await using var client = FileTransferProcess.Connect(address, "--send", file);
            Assert.That(await client.WaitForExitAsync(), Is.Zero);
        }

        Assert.That(_there.Received, Is.EqualTo(new[] { "one (2).bin", "one.bin" }));
    }

    [Test]
    public async Task Go_on_when_the_receiver_was_killed_and_is_back()
    {
        string file = _here.Make("big.bin", 150);
        var (first, address) = await FileTransferProcess.ServeAsync(null, "--receive", _there.Incoming);
        await using var killed = first;
        await using var client = FileTransferProcess.Connect(address, "--send", file);
        await _there.UntilPartHasAsync(5);
        await first.KillAsync();
        var (second, _) = await FileTransferProcess.ServeAsync(address, "--receive", _there.Incoming);
        await using var serving = second;

        Assert.That(await client.WaitForExitAsync(), Is.Zero);
        Assert.That(client.Output, Does.Contain("Interrupted big.bin at ").And.Contain("Sent big.bin, resumed at "));
        AssertSame(_there, file);
    }

    [Test]
    public async Task Go_on_when_the_sender_was_interrupted_and_is_started_again()
    {
        string file = _here.Make("big.bin", 150);
        var (server, address) = await FileTransferProcess.ServeAsync(null, "--receive", _there.Incoming);
        await using var serving = server;
        await using (var interrupted = FileTransferProcess.Connect(address, "--send", file))
        {
            await _there.UntilPartHasAsync(5);
            Assert.That(await interrupted.InterruptAsync(), Is.EqualTo(130));
        }

        await using var client = FileTransferProcess.Connect(address, "--send", file);

        Assert.That(await client.WaitForExitAsync(), Is.Zero);
        Assert.That(client.Output, Does.Contain("Sent big.bin, resumed at "));
        AssertSame(_there, file);
    }

    [Test]
    public async Task Begin_again_when_what_is_there_is_not_the_beginning_of_the_file()
    {
        string file = _here.Make("big.bin", 150);
        var (server, address) = await FileTransferProcess.ServeAsync(null, "--receive", _there.Incoming);
        await using var serving = server;
        await using (var interrupted = FileTransferProcess.Connect(address, "--send", file))
        {
            await _there.UntilPartHasAsync(5);
            await interrupted.InterruptAsync();
        }

        await FileFolder.UntilAsync(() => serving.Output.Contains("Interrupted", StringComparison.Ordinal), "the receiver to notice");
        await using (var part = await FileFolder.OpenFreeAsync(_there.PathOfReceived(_there.Received.Single())))
        {
            part.WriteByte(0);
            part.Write(new byte[100]);
        }

        await using var client = FileTransferProcess.Connect(address, "--send", file);

        Assert.That(await client.WaitForExitAsync(), Is.Zero);
        Assert.That(client.Output, Does.Contain("Sent big.bin. "));
        AssertSame(_there, file);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Cancel_from_either_side(bool receiverCancels)
    {
        string file = _here.Make("big.bin", 150);
        var (server, address) = await FileTransferProcess.ServeAsync(null, "--receive", _there.Incoming);
        await using var serving = server;
        await using var client = FileTransferProcess.Connect(address, "--send", file);
        await _there.UntilPartHasAsync(5);
        await (receiverCancels ? (SampleProcess)server : client).PressAsync('c');

        Assert.That(await client.WaitForExitAsync(), Is.EqualTo(1));
        await FileFolder.UntilAsync(() => !_there.Received.Any(), "the part to be deleted");
        Assert.That(client.Output, Does.Contain("Cancelled big.bin."));
    }

    [Test]
    public async Task End_with_1_when_the_other_takes_no_files()
    {
        string file = _here.Make("one.bin", 1);
        var (server, address) = await FileTransferProcess.ServeAsync(null, "--send", file);
        await using var serving = server;
        await using var client = FileTransferProcess.Connect(address, "--send", file);

        Assert.That(await client.WaitForExitAsync(), Is.EqualTo(1));
        Assert.That(client.Output, Does.Contain("The peer takes no files."));
    }

    private static void AssertSame(FileFolder receiver, params string[] files)
    {
        Assert.That(receiver.Received, Is.EqualTo(files.Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)));
        foreach (string file in files)
        {
            Assert.That(FileFolder.Sha256(receiver.PathOfReceived(Path.GetFileName(file))), Is.EqualTo(FileFolder.Sha256(file)), file);
        }
    }
}
