using WebRtcCore.Testing;

namespace WebRtcCore.Ice.Tests;

[TestFixture]
public class IceCredentialsTests
{
    [Test]
    public void Drawn_credentials_differ_and_keep_to_the_grammar()
    {
        var random = new SeededRandomSource(1);
        var first = IceCredentials.Generate(random);
        var second = IceCredentials.Generate(random);
        Assert.That(first, Is.Not.EqualTo(second));
        Assert.That(first.IsValid, Is.True);
        Assert.That(first.UsernameFragment, Does.Match("^[A-Za-z0-9+/]{8}$"));
        Assert.That(first.Password, Does.Match("^[A-Za-z0-9+/]{24}$"));
    }

    [Test]
    public void Printing_them_does_not_reveal_the_password()
    {
        var credentials = new IceCredentials("frag", "secretsecretsecretsecret");
        Assert.That(credentials.ToString(), Does.Contain("frag").And.Not.Contains("secret"));
    }

    [TestCase("abc", "1234567890123456789012", false)]
    [TestCase("abcd", "123456789012345678901", false)]
    [TestCase("abcd", "1234567890123456789012", true)]
    [TestCase("ab:d", "1234567890123456789012", false)]
    [TestCase("ab\nd", "1234567890123456789012", false)]
    public void Validity_is_that_of_rfc8839(string fragment, string password, bool isValid)
    {
        Assert.That(new IceCredentials(fragment, password).IsValid, Is.EqualTo(isValid));
        if (!isValid)
        {
            var bench = new Bench(hasCredentials: false);
            Assert.That(() => bench.Agent.SetRemoteCredentials(new(fragment, password), bench.Now), Throws.ArgumentException);
        }
    }
}
