using System.Text;
using FileTransfer;

namespace WebRtcCore.Interop.Tests.Sample.Transfers;

/// <summary>The messages of the protocol.</summary>
internal sealed class TransferMessageTests
{
    [Test]
    public void What_is_written_is_read_again()
    {
        var offer = new FileOffer("Grüße.txt", 5_000_000_000, 1_700_000_000_000);

        Assert.That(TransferMessage.TryParse(Text(offer.ToMessage().ToJson()), out var message), Is.True);
        Assert.That(FileOffer.TryRead(message!, out var read), Is.True);
        Assert.That(read, Is.EqualTo(offer));
    }

    [TestCase("")]
    [TestCase("hello")]
    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("{}")]
    [TestCase("""{"type":7}""")]
    [TestCase("""{"type":"accept","offset":"all"}""")]
    [TestCase("""{"type":"accept","offset":1e99}""")]
    public void Anything_else_is_no_message(string text) => Assert.That(TransferMessage.TryParse(Text(text), out _), Is.False);

    [Test]
    public void A_message_has_a_limit() =>
        Assert.That(TransferMessage.TryParse(Text($$"""{"type":"cancel","reason":"{{new string('a', 20_000)}}"}"""), out _), Is.False);

    [Test]
    public void Bytes_are_no_message() =>
        Assert.That(TransferMessage.TryParse(new DataChannelMessage("""{"type":"done"}"""u8.ToArray(), isText: false), out _), Is.False);

    [TestCase("""{"type":"offer","name":"a"}""")]
    [TestCase("""{"type":"offer","size":1}""")]
    [TestCase("""{"type":"offer","name":"","size":1}""")]
    [TestCase("""{"type":"offer","name":"a","size":-1}""")]
    public void An_offer_has_a_name_and_a_size(string text)
    {
        Assert.That(TransferMessage.TryParse(Text(text), out var message), Is.True);
        Assert.That(FileOffer.TryRead(message!, out _), Is.False);
    }

    [Test]
    public void The_key_of_a_part_tells_files_of_one_name_apart()
    {
        var offer = new FileOffer("a", 1, 2);

        Assert.That((offer with { Size = 2 }).Key, Is.Not.EqualTo(offer.Key));
        Assert.That((offer with { LastModified = 3 }).Key, Is.Not.EqualTo(offer.Key));
        Assert.That(new FileOffer("a", 1, 2).Key, Is.EqualTo(offer.Key));
    }

    private static DataChannelMessage Text(string text) => new(Encoding.UTF8.GetBytes(text), isText: true);
}
