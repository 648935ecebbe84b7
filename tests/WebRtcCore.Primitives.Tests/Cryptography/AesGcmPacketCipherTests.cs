using System.Security.Cryptography;
using System.Text.Json;
using WebRtcCore.Primitives.Cryptography;
using WebRtcCore.Testing;

namespace WebRtcCore.Primitives.Tests.Cryptography;

/// <summary>Every implementation that this processor runs, against published vectors and against the platform's AES-GCM.</summary>
public sealed class AesGcmPacketCipherTests
{
    private const int MaxLength = 2000;
    private const int MaxAssociatedLength = 64;

    public static IEnumerable<CipherChoiceCase> Choices() =>
        Enum.GetValues<CipherChoice>().Where(AesGcmPacketCipher.IsSupported).Select(choice => new CipherChoiceCase(choice.ToString()));

    public static IEnumerable<TestCaseData> VectorCases() =>
        from vector in LoadVectors()
        from choice in Choices()
        select new TestCaseData(vector, choice).SetArgDisplayNames(vector.GetProperty("case").GetString()!, choice.Name);

    [TestCaseSource(nameof(VectorCases))]
    public void Gives_the_ciphertext_and_tag_of_the_vectors(JsonElement vector, CipherChoiceCase choice)
    {
        using var cipher = AesGcmPacketCipher.Create(Bytes(vector, "key"), choice.Value);
        var (data, tag) = (Bytes(vector, "plaintext"), new byte[Aead.TagLength]);
        cipher.Seal(Bytes(vector, "nonce"), data, tag, Bytes(vector, "associatedData"));
        Assert.That(data, Is.EqualTo(Bytes(vector, "ciphertext")));
        Assert.That(tag, Is.EqualTo(Bytes(vector, "tag")));
        Assert.That(cipher.TryOpen(Bytes(vector, "nonce"), data, tag, Bytes(vector, "associatedData")), Is.True);
        Assert.That(data, Is.EqualTo(Bytes(vector, "plaintext")));
    }

    [Test]
    public void Agrees_with_the_platform_for_every_length_of_data([ValueSource(nameof(Choices))] CipherChoiceCase choice, [Values(16, 32)] int keyLength)
    {
        var random = new SeededRandomSource(7);
        for (var length = 0; length <= MaxLength; length++)
        {
            AssertAgrees(choice.Value, random, keyLength, length, length % (MaxAssociatedLength + 1));
        }
    }

    [Test]
    public void Agrees_with_the_platform_for_every_length_of_associated_data([ValueSource(nameof(Choices))] CipherChoiceCase choice)
    {
        var random = new SeededRandomSource(8);
        for (var associated = 0; associated <= MaxAssociatedLength; associated++)
        {
            foreach (var length in new[] { 0, 1, 15, 16, 17, 255, 256, 257, 272, 1200 })
            {
                AssertAgrees(choice.Value, random, 16, length, associated);
            }
        }
    }

    [Test]
    public void Counts_over_the_whole_last_word_of_the_counter([ValueSource(nameof(Choices))] CipherChoiceCase choice)
    {
        // More than 2^16 blocks: the counter carries into its third byte.
        AssertAgrees(choice.Value, new SeededRandomSource(9), 16, (0x10000 + 20) * 16, 13);
    }

    [Test]
    public void Refuses_every_changed_bit_and_shows_no_plaintext([ValueSource(nameof(Choices))] CipherChoiceCase choice)
    {
        var random = new SeededRandomSource(10);
        var (key, nonce, plaintext, associated, tag) = (new byte[16], new byte[12], new byte[300], new byte[13], new byte[16]);
        random.Fill(key);
        random.Fill(plaintext);
        using var cipher = AesGcmPacketCipher.Create(key, choice.Value);
        var sealedData = plaintext.ToArray();
        cipher.Seal(nonce, sealedData, tag, associated);
        foreach (var (part, name) in new[] { (nonce, "nonce"), (sealedData, "data"), (tag, "tag"), (associated, "associated data") })
        {
            for (var bit = 0; bit < part.Length * 8; bit++)
            {
                part[bit / 8] ^= (byte)(1 << (bit % 8));
                var data = sealedData.ToArray();
                Assert.That(cipher.TryOpen(nonce, data, tag, associated), Is.False, $"{name}, bit {bit}");
                Assert.That(MatchingBytes(data, plaintext), Is.LessThan(20), "What was refused has been decrypted.");
                part[bit / 8] ^= (byte)(1 << (bit % 8));
            }
        }

        Assert.That(cipher.TryOpen(nonce, sealedData, tag, associated), Is.True);
    }

    [Test]
    public void Refuses_tags_and_nonces_of_another_length([ValueSource(nameof(Choices))] CipherChoiceCase choice)
    {
        using var cipher = AesGcmPacketCipher.Create(new byte[16], choice.Value);
        Assert.That(() => cipher.Seal(new byte[11], new byte[5], new byte[16], default), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => cipher.TryOpen(new byte[13], new byte[5], new byte[16], default), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => cipher.Seal(new byte[12], new byte[5], new byte[15], default), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => cipher.TryOpen(new byte[12], new byte[5], new byte[15], default), Throws.InstanceOf<ArgumentException>());
    }

    [Test]
    public void Allocates_nothing_per_packet([ValueSource(nameof(Choices))] CipherChoiceCase choice)
    {
        using var cipher = AesGcmPacketCipher.Create(new byte[16], choice.Value);
        var (nonce, data, tag, associated) = (new byte[12], new byte[1200], new byte[16], new byte[12]);
        var allocated = Allocations.Measure(() =>
        {
            cipher.Seal(nonce, data, tag, associated);
            if (!cipher.TryOpen(nonce, data, tag, associated))
            {
                throw new InvalidOperationException();
            }
        });
        Assert.That(allocated, Is.Zero);
    }

    [Test]
    public void Cannot_be_used_once_the_key_is_forgotten([ValueSource(nameof(Choices))] CipherChoiceCase choice)
    {
        var cipher = AesGcmPacketCipher.Create(new byte[16], choice.Value);
        cipher.Dispose();
        Assert.That(() => cipher.Seal(new byte[12], new byte[5], new byte[16], default), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => cipher.TryOpen(new byte[12], new byte[5], new byte[16], default), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void The_fastest_implementation_of_this_processor_is_chosen()
    {
        using var cipher = AesGcmPacketCipher.Create(new byte[16]);
        Assert.That(cipher, AesGcmPacketCipher.IsSupported(CipherChoice.AesNi) ? Is.InstanceOf<AesNiGcm>() : Is.InstanceOf<PlatformAesGcm>());
    }

    [Test]
    public void Key_lengths_without_a_schedule_of_their_own_fall_back_to_the_platform()
    {
        using var cipher = AesGcmPacketCipher.Create(new byte[24]);
        Assert.That(cipher, Is.InstanceOf<PlatformAesGcm>());
    }

    private static void AssertAgrees(CipherChoice choice, SeededRandomSource random, int keyLength, int length, int associatedLength)
    {
        var (key, nonce, plaintext, associated) = (new byte[keyLength], new byte[12], new byte[length], new byte[associatedLength]);
        random.Fill(key);
        random.Fill(nonce);
        random.Fill(plaintext);
        random.Fill(associated);
        var (expected, expectedTag) = (new byte[length], new byte[16]);
        using (var platform = new AesGcm(key, 16))
        {
            platform.Encrypt(nonce, plaintext, expected, expectedTag, associated);
        }

        using var cipher = AesGcmPacketCipher.Create(key, choice);

        // Between guards: nothing outside is touched.
        var buffer = new byte[length + 64];
        plaintext.CopyTo(buffer, 32);
        var data = buffer.AsSpan(32, length);
        var tag = new byte[16];
        cipher.Seal(nonce, data, tag, associated);
        Assert.That(data.SequenceEqual(expected), Is.True, $"ciphertext of {length} bytes with {associatedLength} associated");
        Assert.That(tag, Is.EqualTo(expectedTag), $"tag of {length} bytes with {associatedLength} associated");
        Assert.That(cipher.TryOpen(nonce, data, tag, associated), Is.True, $"{length} bytes with {associatedLength} associated");
        Assert.That(data.SequenceEqual(plaintext), Is.True, $"plaintext of {length} bytes with {associatedLength} associated");
        Assert.That(buffer.AsSpan(0, 32).IndexOfAnyExcept((byte)0), Is.EqualTo(-1));
        Assert.That(buffer.AsSpan(32 + length).IndexOfAnyExcept((byte)0), Is.EqualTo(-1));
    }

    private static int MatchingBytes(byte[] one, byte[] other) => one.Zip(other).Count(pair => pair.First == pair.Second);

    private static byte[] Bytes(JsonElement vector, string name) => Convert.FromHexString(vector.GetProperty(name).GetString()!);

    private static JsonElement[] LoadVectors()
    {
        using var document = JsonDocument.Parse(TestData.ReadBytes("vectors/aes_gcm_nist.json"));
        return [.. document.RootElement.Clone().GetProperty("vectors").EnumerateArray()];
    }

    /// <summary>An implementation by name: the type itself is internal.</summary>
    public sealed record CipherChoiceCase(string Name)
    {
        internal CipherChoice Value => Enum.Parse<CipherChoice>(Name);

        public override string ToString() => Name;
    }
}
