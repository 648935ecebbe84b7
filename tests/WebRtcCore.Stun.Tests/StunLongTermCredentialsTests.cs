using System.Text;

namespace WebRtcCore.Stun.Tests;

[TestFixture]
public class StunLongTermCredentialsTests
{
    private static readonly StunTransactionId Id = new(0x78AD3433, 0xC6AD72C029DA412E);

    [Test]
    public void Writes_the_long_term_request_of_rfc5769()
    {
        var vector = StunVectors.Get("long_term_request");
        Assert.That(StunMessageView.TryParse(vector.Message(), out var expected), Is.True);
        expected.TryGetAttribute(StunAttributeType.Username, out var username);
        expected.TryGetAttribute(StunAttributeType.Realm, out var realm);
        expected.TryGetAttribute(StunAttributeType.Nonce, out var nonce);
        using var credentials = new StunLongTermCredentials(Encoding.UTF8.GetString(username), "TheMatrIX");
        Assert.That(Challenge(credentials, nonce.ToArray(), Encoding.UTF8.GetString(realm)), Is.EqualTo(StunLongTermCredentials.Outcome.Retry));

        // The vector orders USERNAME, NONCE, REALM and pads with spaces, so its integrity cannot come out; the key can.
        using var key = vector.Key();
        Assert.That(expected.VerifyMessageIntegrity(key), Is.True);
        var writer = new StunMessageWriter(new byte[300], StunClass.Request, StunMethod.Binding, Id);
        credentials.AddTo(ref writer);
        Assert.That(StunMessageView.TryParse(writer.Written, out var written) && written.VerifyMessageIntegrity(key), Is.True);
    }

    [Test]
    public void Answers_with_sha256_and_a_user_hash_where_the_nonce_says_so()
    {
        var user = StunVectors.Rfc8489.GetProperty("username").GetString()!;
        using var credentials = new StunLongTermCredentials(user, "TheMatrIX");
        var nonce = Nonce(StunSecurityFeatures.PasswordAlgorithms | StunSecurityFeatures.UsernameAnonymity);
        Assert.That(Challenge(credentials, nonce, "example.org", StunPasswordAlgorithm.Sha256, StunPasswordAlgorithm.Md5), Is.EqualTo(StunLongTermCredentials.Outcome.Retry));
        var writer = new StunMessageWriter(new byte[400], StunClass.Request, StunMethod.Allocate, Id);
        credentials.AddTo(ref writer);
        Assert.That(StunMessageView.TryParse(writer.Written, out var written), Is.True);
        Assert.That(written.HasAttribute(StunAttributeType.Username), Is.False);
        Assert.That(written.TryGetAttribute(StunAttributeType.UserHash, out var hash), Is.True);
        Assert.That(Convert.ToHexStringLower(hash), Is.EqualTo(StunVectors.Rfc8489.GetProperty("userhash").GetString()));
        using var key = StunIntegrityKey.FromLongTermCredential(user, "example.org", "TheMatrIX", StunPasswordAlgorithm.Sha256);
        Assert.That(written.VerifyMessageIntegritySha256(key) && !written.HasMessageIntegrity, Is.True);
        Assert.That(written.TryGetAttribute(StunAttributeType.PasswordAlgorithms, out var algorithms), Is.True);
        Assert.That(algorithms.ToArray(), Is.EqualTo(new byte[] { 0, 2, 0, 0, 0, 1, 0, 0 }), "as the server sent them");
    }

    [Test]
    public void The_first_known_algorithm_is_chosen()
    {
        using var credentials = new StunLongTermCredentials("u", "p");
        Challenge(credentials, Nonce(StunSecurityFeatures.PasswordAlgorithms), "r", (StunPasswordAlgorithm)7, StunPasswordAlgorithm.Md5, StunPasswordAlgorithm.Sha256);
        Assert.That(credentials.Algorithm, Is.EqualTo(StunPasswordAlgorithm.Md5));
    }

    [Test]
    public void Unusable_challenges_are_not_answered()
    {
        using var credentials = new StunLongTermCredentials("u", "p");
        Assert.Multiple(() =>
        {
            Assert.That(Challenge(credentials, Nonce(StunSecurityFeatures.PasswordAlgorithms), "r"), Is.EqualTo(StunLongTermCredentials.Outcome.Unusable), "stripped");
            Assert.That(Challenge(credentials, "n"u8.ToArray(), "r", (StunPasswordAlgorithm)7), Is.EqualTo(StunLongTermCredentials.Outcome.Unusable), "unknown algorithm");
            Assert.That(Challenge(credentials, new byte[980], "r"), Is.EqualTo(StunLongTermCredentials.Outcome.Unusable), "too long");
            Assert.That(Challenge(credentials, null, "r"), Is.EqualTo(StunLongTermCredentials.Outcome.Unusable), "no nonce");
            Assert.That(credentials.IsChallenged, Is.False);
        });
    }

    [Test]
    public void A_server_that_calls_every_nonce_stale_is_given_up()
    {
        using var credentials = new StunLongTermCredentials("u", "p");
        Challenge(credentials, "n"u8.ToArray(), "r");
        var rounds = 0;
        while (Challenge(credentials, Encoding.ASCII.GetBytes($"n{rounds}"), "r", StunErrorCode.StaleNonce, wasAuthenticated: true) == StunLongTermCredentials.Outcome.Retry)
        {
            Assert.That(++rounds, Is.LessThan(20));
        }

        Assert.That(rounds, Is.EqualTo(8));
    }

    [Test]
    public void Spaces_beyond_ascii_are_made_plain()
    {
        using var credentials = new StunLongTermCredentials("\u00E9\u00A0x", "p");
        Challenge(credentials, "n"u8.ToArray(), "r");
        var writer = new StunMessageWriter(new byte[300], StunClass.Request, StunMethod.Allocate, Id);
        credentials.AddTo(ref writer);
        Assert.That(StunMessageView.TryParse(writer.Written, out var written) && written.TryGetAttribute(StunAttributeType.Username, out var name) && name.SequenceEqual("\u00E9 x"u8), Is.True);
    }

    [TestCase(StunSecurityFeatures.None)]
    [TestCase(StunSecurityFeatures.PasswordAlgorithms)]
    [TestCase(StunSecurityFeatures.PasswordAlgorithms | StunSecurityFeatures.UsernameAnonymity)]
    public void Nonce_cookies_are_read_as_they_were_written(StunSecurityFeatures features)
    {
        Assert.That(StunNonceCookie.TryRead(Nonce(features), out var read) && read == features, Is.True);
        Assert.That(StunNonceCookie.TryRead("obMatJos2!!!!x"u8, out _) || StunNonceCookie.TryRead("obMatJos2AA"u8, out _) || StunNonceCookie.TryRead("other nonce text"u8, out _), Is.False);
    }

    [Test]
    public void Algorithm_lists_that_lie_are_refused()
    {
        byte[][] lists = [[], [0, 1], [0, 1, 0, 8], [0, 1, 0, 0, 9], [0, 7, 0, 0]];
        foreach (var list in lists)
        {
            Assert.That(StunPasswordAlgorithms.TryChoose(list, out _), Is.False);
        }
    }

    private static byte[] Nonce(StunSecurityFeatures features)
    {
        var nonce = new byte[StunNonceCookie.Length + 4];
        StunNonceCookie.Write(nonce, features);
        nonce.AsSpan(StunNonceCookie.Length).Fill((byte)'x');
        return nonce;
    }

    private static StunLongTermCredentials.Outcome Challenge(StunLongTermCredentials credentials, byte[]? nonce, string realm, params StunPasswordAlgorithm[] algorithms) =>
        Challenge(credentials, nonce, realm, StunErrorCode.Unauthenticated, wasAuthenticated: false, algorithms);

    private static StunLongTermCredentials.Outcome Challenge(
        StunLongTermCredentials credentials, byte[]? nonce, string realm, StunErrorCode code, bool wasAuthenticated, params StunPasswordAlgorithm[] algorithms)
    {
        var writer = new StunMessageWriter(new byte[1500], StunClass.ErrorResponse, StunMethod.Allocate, Id);
        writer.AddErrorCode(code, "");
        writer.AddText(StunAttributeType.Realm, realm);
        if (nonce is not null)
        {
            writer.Add(StunAttributeType.Nonce, nonce);
        }

        if (algorithms.Length > 0)
        {
            writer.AddPasswordAlgorithms(StunAttributeType.PasswordAlgorithms, algorithms);
        }

        return StunMessageView.TryParse(writer.Written, out var response) ? credentials.HandleChallenge(response, wasAuthenticated) : throw new InvalidDataException();
    }
}
