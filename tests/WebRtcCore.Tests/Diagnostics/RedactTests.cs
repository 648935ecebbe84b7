using WebRtcCore.Diagnostics;
using WebRtcCore.Primitives;

namespace WebRtcCore.Tests.Diagnostics;

public class RedactTests
{
    [TestCase("192.0.2.77", "192.0.x.x:5000")]
    [TestCase("2001:db8:1:2::77", "[2001:x]:5000")]
    [TestCase("127.0.0.1", "127.0.0.1:5000")]
    [TestCase("::1", "[::1]:5000")]
    public void Hides_the_host_part_of_an_address(string address, string expected) =>
        Assert.That(Redact.Address(TransportAddress.Parse(address, 5000)).ToString(), Is.EqualTo(expected));

    [Test]
    public void Hides_both_ends_of_a_path()
    {
        var path = new NetworkPath(TransportAddress.Parse("192.0.2.77", 1), TransportAddress.Parse("198.51.100.3", 2));
        Assert.That(Redact.Path(path).ToString(), Is.EqualTo("192.0.x.x:1->198.51.x.x:2/Udp"));
    }

    [TestCase("abcdefgh", "ab..")]
    [TestCase("a", "a..")]
    [TestCase(null, "none")]
    public void Shortens_a_user_name_fragment(string? fragment, string expected) =>
        Assert.That(Redact.UsernameFragment(fragment), Is.EqualTo(expected));
}
