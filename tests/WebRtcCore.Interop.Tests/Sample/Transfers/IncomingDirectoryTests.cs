using System.Security.Cryptography;
using FileTransfer;
using WebRtcCore.Interop.Tests.Harness;

namespace WebRtcCore.Interop.Tests.Sample.Transfers;

/// <summary>The folder of received files.</summary>
internal sealed class IncomingDirectoryTests
{
    private static readonly byte[] Bytes = [1, 2, 3, 4, 5];
    private static readonly FileOffer Offer = new("a.txt", 5, 1234);

    private FileFolder _folder = null!;
    private IncomingDirectory _directory = null!;

    [SetUp]
    public void MakeFolder()
    {
        _folder = new FileFolder();
        _directory = new IncomingDirectory(_folder.Incoming);
    }

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public async Task Overwrites_nothing()
    {
        File.WriteAllText(_folder.PathOfReceived("a.txt"), "mine");

        await ReceiveAsync();
        await ReceiveAsync();

        Assert.That(_folder.Received, Is.EqualTo(new[] { "a (2).txt", "a (3).txt", "a.txt" }));
        Assert.That(File.ReadAllText(_folder.PathOfReceived("a.txt")), Is.EqualTo("mine"));
        Assert.That(File.ReadAllBytes(_folder.PathOfReceived("a (3).txt")), Is.EqualTo(Bytes));
    }

    [Test]
    public async Task Keeps_what_is_there_for_the_next_connection_and_knows_its_hash()
    {
        using (var part = await OpenAsync(Offer))
        {
            await part.AppendAsync(Bytes.AsMemory(0, 3), CancellationToken.None);
        }

        using var again = await OpenAsync(Offer);

        Assert.That(again.Length, Is.EqualTo(3));
        Assert.That(again.Sha256, Is.EqualTo(Convert.ToHexStringLower(SHA256.HashData(Bytes.AsSpan(0, 3)))));

        again.Restart();
        Assert.That((again.Length, again.Sha256), Is.EqualTo((0L, Convert.ToHexStringLower(SHA256.HashData([])))));
    }

    [Test]
    public async Task Takes_no_part_of_another_file_of_the_same_name()
    {
        using (var part = await OpenAsync(Offer))
        {
            await part.AppendAsync(Bytes, CancellationToken.None);
        }

        using var other = await OpenAsync(Offer with { LastModified = 5678 });

        Assert.That(other.Length, Is.Zero);
    }

    [Test]
    public async Task Leaves_no_empty_part()
    {
        (await OpenAsync(Offer)).Dispose();

        Assert.That(_folder.Received, Is.Empty);
    }

    [Test]
    public async Task Discards_a_part()
    {
        using var part = await OpenAsync(Offer);
        await part.AppendAsync(Bytes, CancellationToken.None);
        part.Discard();

        Assert.That(_folder.Received, Is.Empty);
    }

    [Test]
    public async Task A_connection_cannot_receive_a_file_twice_at_once()
    {
        using var part = await OpenAsync(Offer);

        Assert.That(await _directory.OpenAsync(Offer, this), Is.Null);
    }

    [Test]
    public async Task Another_connection_takes_over_where_the_first_has_stopped()
    {
        var first = await OpenAsync(Offer);
        await first.AppendAsync(Bytes.AsMemory(0, 2), CancellationToken.None);
        await using var yield = first.Superseded.Register(first.Dispose);

        using var second = await _directory.OpenAsync(Offer, new object());
        await second!.HashWhatIsThereAsync(CancellationToken.None);

        Assert.That(second.Length, Is.EqualTo(2));
    }

    [TestCase("../a.txt")]
    [TestCase("/a.txt")]
    [TestCase("b/a.txt")]
    [TestCase("..")]
    public void Never_leads_out_of_the_folder_even_where_a_name_was_not_made_safe(string name) =>
        Assert.That(() => _directory.PathOf(name), Throws.InstanceOf<TransferException>());

    private async Task<PartFile> OpenAsync(FileOffer offer)
    {
        var part = await _directory.OpenAsync(offer, this);
        await part!.HashWhatIsThereAsync(CancellationToken.None);
        return part;
    }

    private async Task ReceiveAsync()
    {
        using var part = await OpenAsync(Offer);
        await part.AppendAsync(Bytes, CancellationToken.None);
        part.Complete();
    }
}
