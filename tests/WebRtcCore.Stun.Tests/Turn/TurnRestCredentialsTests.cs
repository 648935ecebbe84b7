namespace WebRtcCore.Stun.Tests.Turn;

[TestFixture]
public class TurnRestCredentialsTests
{
    private static readonly DateTimeOffset Expires = DateTimeOffset.FromUnixTimeSeconds(1_433_895_918);

    // Computed with: printf 1433895918:ninefingers | openssl dgst -sha1 -hmac north -binary | base64
    [Test]
    public void The_password_is_the_hmac_of_expiry_and_user()
    {
        var credentials = TurnRestCredentials.Create("north", "ninefingers", Expires);
        Assert.That(credentials.Username, Is.EqualTo("1433895918:ninefingers"));
        Assert.That(credentials.Password, Is.EqualTo("jy8hTxmOO7UtEKXqSkSlvakPVYA="));
        Assert.That(TurnRestCredentials.ComputePassword("north", credentials.Username), Is.EqualTo(credentials.Password));
        Assert.That(credentials.ToString(), Does.Not.Contain(credentials.Password));
    }

    [TestCase("1433895918:ninefingers", true)]
    [TestCase("1433895918", true)]
    [TestCase("ninefingers:1433895918", false)]
    [TestCase("-1:x", false)]
    [TestCase("99999999999999999:x", false)]
    [TestCase("", false)]
    public void The_expiry_is_read_from_the_user_name(string username, bool isOne)
    {
        Assert.That(TurnRestCredentials.TryGetExpiry(username, out var expires), Is.EqualTo(isOne));
        Assert.That(expires, Is.EqualTo(isOne ? Expires : default));
    }
}
