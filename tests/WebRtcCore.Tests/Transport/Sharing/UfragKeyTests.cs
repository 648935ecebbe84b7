using System.Text;
using WebRtcCore.Ice;
using WebRtcCore.Testing;
using WebRtcCore.Transport.Sharing;

namespace WebRtcCore.Tests.Transport.Sharing;

public class UfragKeyTests
{
    [Test]
    public void Reads_the_local_fragment_of_a_username()
    {
        Assert.That(UfragKey.TryRead("abcdEF+/:peer"u8, out var key));
        Assert.That(key, Is.EqualTo(UfragKey.Of("abcdEF+/")));
    }

    [TestCase("")]
    [TestCase("abcdefgh")]
    [TestCase("abcdefg:peer")]
    [TestCase("abcdefghi:peer")]
    [TestCase(":abcdefgh")]
    public void Refuses_a_username_whose_fragment_no_connection_draws(string username) =>
        Assert.That(UfragKey.TryRead(Encoding.ASCII.GetBytes(username), out _), Is.False);

    [TestCase("abcdefg")]
    [TestCase("abcdefghi")]
    [TestCase("abcdefgä")]
    public void Refuses_a_fragment_of_another_length(string fragment) => Assert.That(() => UfragKey.Of(fragment), Throws.ArgumentException);

    [Test]
    public void Every_fragment_that_is_drawn_has_a_key() =>
        Assert.That(() => UfragKey.Of(IceCredentials.Generate(new SeededRandomSource(1)).UsernameFragment), Throws.Nothing);
}
