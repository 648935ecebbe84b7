using WebRtcCore.Dtls.Crypto;
using WebRtcCore.Testing;

namespace WebRtcCore.Dtls.Tests.Crypto;

public class KeyExchangeTests
{
    [Test]
    public void Both_sides_agree([Values] DtlsGroup group)
    {
        using var a = KeyExchange.Create(group, new SeededRandomSource(1));
        using var b = KeyExchange.Create(group, new SeededRandomSource(2));
        Assert.That(a.TryAgree(b.PublicValue, out var secretA), Is.True);
        Assert.That(b.TryAgree(a.PublicValue, out var secretB), Is.True);
        Assert.That(secretA, Is.EqualTo(secretB));
    }

    [Test]
    public void Refuses_values_of_the_wrong_size([Values] DtlsGroup group)
    {
        using var a = KeyExchange.Create(group, new SeededRandomSource(1));
        Assert.That(a.TryAgree([], out _), Is.False);
        Assert.That(a.TryAgree(a.PublicValue[1..], out _), Is.False);
        Assert.That(a.TryAgree((byte[])[.. a.PublicValue, 0], out _), Is.False);
    }

    [Test]
    public void Refuses_points_that_are_not_on_the_curve([Values(DtlsGroup.Secp256r1, DtlsGroup.Secp384r1)] DtlsGroup group)
    {
        using var a = KeyExchange.Create(group, new SeededRandomSource(1));
        var point = a.PublicValue.ToArray();
        point[^1] ^= 1;
        Assert.That(a.TryAgree(point, out _), Is.False);
        point.AsSpan(1).Clear();
        Assert.That(a.TryAgree(point, out _), Is.False, "the point at infinity");
        point = a.PublicValue.ToArray();
        point[0] = 2;
        Assert.That(a.TryAgree(point, out _), Is.False, "a compressed point");
    }

    [Test]
    public void Refuses_x25519_points_of_small_order()
    {
        using var a = KeyExchange.Create(DtlsGroup.X25519, new SeededRandomSource(1));
        var one = new byte[32];
        one[0] = 1;
        Assert.That(a.TryAgree(new byte[32], out _), Is.False);
        Assert.That(a.TryAgree(one, out _), Is.False);
    }

    [Test]
    public void X25519_gives_the_answer_of_rfc7748_6_1()
    {
        using var alice = new X25519KeyExchange(new Fixed("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"));
        using var bob = new X25519KeyExchange(new Fixed("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"));
        Assert.That(Convert.ToHexStringLower(alice.PublicValue), Is.EqualTo("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"));
        Assert.That(Convert.ToHexStringLower(bob.PublicValue), Is.EqualTo("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"));
        Assert.That(alice.TryAgree(bob.PublicValue, out var secret), Is.True);
        Assert.That(Convert.ToHexStringLower(secret), Is.EqualTo("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"));
    }

    private sealed class Fixed(string hex) : Primitives.IRandomSource
    {
        public void Fill(Span<byte> destination) => Convert.FromHexString(hex).CopyTo(destination);
    }
}
