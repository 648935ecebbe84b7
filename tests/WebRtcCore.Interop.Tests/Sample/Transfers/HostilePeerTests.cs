using WebRtcCore.Interop.Tests.Harness;

namespace WebRtcCore.Interop.Tests.Sample.Transfers;

/// <summary>A peer that does not keep to the protocol: it gets no byte out of the folder, nor more of them into it than it announced.</summary>
internal sealed class HostilePeerTests
{
    private const string Sha256OfAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    private FileFolder _folder = null!;
    private FileTransferProcess _sample = null!;
    private HostilePeer _peer = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _folder = new FileFolder();
        (_sample, var address) = await FileTransferProcess.ServeAsync(null, "--receive", _folder.Incoming, "--send", _folder.Make("offered.bin", 1));
        _peer = await HostilePeer.ConnectAsync(address);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _peer.DisposeAsync();
        await _sample.DisposeAsync();
        _folder.Dispose();
    }

    [TestCase("../../evil.txt", "evil.txt")]
    [TestCase("..\\\\evil.txt", "evil.txt")]
    [TestCase("/tmp/evil.txt", "evil.txt")]
    [TestCase("..", "file")]
    [TestCase("a\\u0000/../../evil.txt", "evil.txt")]
    public async Task Cannot_write_outside_the_folder(string name, string stored)
    {
        var channel = await _peer.OpenChannelAsync();
        channel.Send($$"""{"type":"offer","name":"{{name}}","size":3}""");
        var accept = await HostilePeer.NextAsync(channel);
        channel.Send("""{"type":"start","offset":0}""");
        channel.Send("abc"u8);
        channel.Send($$"""{"type":"end","sha256":"{{Sha256OfAbc}}"}""");
        var done = await HostilePeer.NextAsync(channel);

        Assert.That((string?)accept!["type"], Is.EqualTo("accept"));
        Assert.That((string?)done!["type"], Is.EqualTo("done"));
        Assert.That(_folder.Received, Is.EqualTo(new[] { stored }));
        Assert.That(_folder.Others, Is.EqualTo(new[] { "offered.bin" }));
    }

    [TestCase("abcd", "more bytes than it announced")]
    [TestCase("ab", "fewer bytes than it announced")]
    [TestCase("abd", "SHA-256 is wrong")]
    public async Task Cannot_store_anything_but_what_it_announced(string sent, string reason)
    {
        var channel = await _peer.OpenChannelAsync();
        channel.Send("""{"type":"offer","name":"a.txt","size":3}""");
        await HostilePeer.NextAsync(channel);
        channel.Send("""{"type":"start","offset":0}""");
        channel.Send(System.Text.Encoding.UTF8.GetBytes(sent));
        channel.Send($$"""{"type":"end","sha256":"{{Sha256OfAbc}}"}""");

        Assert.That(await HostilePeer.CancellationAsync(channel), Does.Contain(reason));
        await FileFolder.UntilAsync(() => !_folder.Received.Any(), "the part to be deleted");
    }

    [TestCase("hello")]
    [TestCase("""{"type":"offer","name":"a.txt"}""")]
    [TestCase("""{"type":"offer","name":"a.txt","size":-3}""")]
    [TestCase("""{"type":"offer","name":"a.txt","size":9223372036854775807}""")]
    [TestCase("""{"type":"start","offset":0}""")]
    public async Task Cannot_begin_with_anything_but_an_offer(string message)
    {
        var channel = await _peer.OpenChannelAsync();
        channel.Send(message);

        Assert.That(await HostilePeer.CancellationAsync(channel), Is.Not.Empty.And.Not.EqualTo("closed without a word"));
        Assert.That(_folder.Received, Is.Empty);
    }

    [TestCase("""{"type":"start","offset":2}""")]
    [TestCase("""{"type":"start","offset":-1}""")]
    [TestCase("""{"type":"end","sha256":""}""")]
    public async Task Cannot_begin_where_nothing_is(string message)
    {
        var channel = await _peer.OpenChannelAsync();
        channel.Send("""{"type":"offer","name":"a.txt","size":3}""");
        await HostilePeer.NextAsync(channel);
        channel.Send(message);

        Assert.That(await HostilePeer.CancellationAsync(channel), Is.Not.EqualTo("closed without a word"));
        await FileFolder.UntilAsync(() => !_folder.Received.Any(), "the part to be deleted");
    }

    [TestCase("""{"type":"accept","offset":1000000000000}""")]
    [TestCase("""{"type":"accept","offset":-1}""")]
    [TestCase("""{"type":"done"}""")]
    public async Task Cannot_ask_for_bytes_that_the_file_does_not_have(string message)
    {
        var channel = await _peer.Offered;
        var offer = await HostilePeer.NextAsync(channel);
        channel.Send(message);

        Assert.That((string?)offer!["name"], Is.EqualTo("offered.bin"));
        Assert.That(await HostilePeer.CancellationAsync(channel), Is.Not.EqualTo("closed without a word"));
    }

    [Test]
    public async Task Cannot_open_channels_without_end()
    {
        var channels = new List<DataChannel>();
        for (int i = 0; i < 100; i++)
        {
            channels.Add(await _peer.OpenChannelAsync());
        }

        var oneMore = await _peer.OpenChannelAsync();

        Assert.That(await HostilePeer.CancellationAsync(oneMore), Is.EqualTo("These are too many files at once."));
        Assert.That(channels.Select(c => c.ReadyState), Is.All.EqualTo(DataChannelState.Open));
    }

    [Test]
    public async Task Cannot_send_a_file_over_a_channel_that_loses_messages()
    {
        var channel = await _peer.OpenChannelAsync(new DataChannelOptions { Protocol = "file-transfer", Ordered = false, MaxRetransmits = 0 });

        Assert.That(await HostilePeer.CancellationAsync(channel), Is.EqualTo("This is no channel for a file."));
    }
}
