using CsCheck;
using WebRtcCore.Primitives.Cryptography;
using WebRtcCore.Srtp.Ciphers;
using WebRtcCore.Testing;

namespace WebRtcCore.Srtp.Tests.Ciphers;

public sealed class CounterModeCipherTests
{
    [TestCase((int)CipherChoice.Fastest)]
    [TestCase((int)CipherChoice.Portable)]
    public void Gives_the_key_stream_of_rfc_3711_appendix_b2(int choice)
    {
        var vector = Vectors.Load("srtp_rfc3711_appB.json").GetProperty("keystream");
        using var cipher = CounterModeCipher.Create(vector.Bytes("key"), (CipherChoice)choice);
        var stream = new byte[0xFF02 * 16];
        cipher.Apply(vector.Bytes("iv"), stream);
        foreach (var block in vector.GetProperty("blocks").EnumerateObject())
        {
            var index = Convert.ToInt32(block.Name, 16);
            Assert.That(stream.AsSpan(index * 16, 16).ToArray(), Is.EqualTo(Convert.FromHexString(block.Value.GetString()!)), block.Name);
        }
    }

    [Test]
    public void Both_implementations_give_the_same_bytes_for_every_length()
    {
        Assume.That(AesNiKey.IsSupported, "This processor has no AES instructions.");
        Gen.Select(Gen.OneOf(Gen.Byte.Array[16], Gen.Byte.Array[32]), Gen.Byte.Array[14], Gen.Byte.Array[0, 2000]).Sample((key, salt, data) =>
        {
            byte[] iv = [.. salt, 0, 0];
            using var fast = new AesNiCounterModeCipher(key);
            using var portable = new PortableCounterModeCipher(key);
            var (one, other) = (data.ToArray(), data.ToArray());
            fast.Apply(iv, one);
            portable.Apply(iv, other);
            return one.AsSpan().SequenceEqual(other);
        });
    }

    [TestCase((int)CipherChoice.Fastest)]
    [TestCase((int)CipherChoice.Portable)]
    public void Applying_twice_restores_the_data(int choice)
    {
        using var cipher = CounterModeCipher.Create(new byte[16], (CipherChoice)choice);
        var data = new byte[1203];
        new SeededRandomSource(1).Fill(data);
        var copy = data.ToArray();
        cipher.Apply(new byte[16], copy);
        Assert.That(copy, Is.Not.EqualTo(data));
        cipher.Apply(new byte[16], copy);
        Assert.That(copy, Is.EqualTo(data));
    }
}
