using System.Buffers.Binary;
using System.Text;
using WebRtcCore.Testing;

namespace WebRtcCore.Stun.Tests;

[TestFixture]
public class StunMessageViewTests
{
    [Test]
    public void Reads_the_request_of_rfc5769()
    {
        var vector = StunVectors.Get("request");
        Assert.That(StunMessageView.TryParse(vector.Message(), out var message), Is.True);
        Assert.That(message.Class, Is.EqualTo(StunClass.Request));
        Assert.That(message.Method, Is.EqualTo(StunMethod.Binding));
        Assert.That(message.TransactionId.ToString(), Is.EqualTo("b7e7a701bc34d686fa87dfae"));
        Assert.That(Text(message, StunAttributeType.Software), Is.EqualTo(vector.Attribute("software")));
        Assert.That(Text(message, StunAttributeType.Username), Is.EqualTo(vector.Attribute("username")));
        Assert.That(message.TryGetUInt32(StunAttributeType.Priority, out var priority), Is.True);
        Assert.That(priority, Is.EqualTo(1845494271));
        Assert.That(message.TryGetUInt64(StunAttributeType.IceControlled, out var tieBreaker), Is.True);
        Assert.That(tieBreaker, Is.EqualTo(0x932ff9b151263b36));
        Assert.That(message.HasAttribute(StunAttributeType.IceControlling), Is.False);
    }

    [TestCase("request")]
    [TestCase("long_term_request")]
    [TestCase("ipv4_response")]
    [TestCase("ipv6_response")]
    public void Verifies_integrity_and_fingerprint_of_rfc5769(string name)
    {
        var vector = StunVectors.Get(name);
        using var key = vector.Key();
        using var wrong = StunIntegrityKey.FromPassword("VOkJxbRl1RmTxUk/WvJxBu");
        Assert.That(StunMessageView.TryParse(vector.Message(), out var message), Is.True);
        Assert.That(message.VerifyMessageIntegrity(key), Is.True);
        Assert.That(message.VerifyMessageIntegrity(wrong), Is.False);
        Assert.That(message.VerifyMessageIntegritySha256(key), Is.False, "there is none");
        Assert.That(message.HasFingerprint, Is.EqualTo(name != "long_term_request"));
        Assert.That(message.VerifyFingerprint(), Is.EqualTo(name != "long_term_request"));
    }

    [TestCase("ipv4_response")]
    [TestCase("ipv6_response")]
    public void Reads_xor_mapped_addresses_of_rfc5769(string name)
    {
        var vector = StunVectors.Get(name);
        Assert.That(StunMessageView.TryParse(vector.Message(), out var message), Is.True);
        Assert.That(message.Class, Is.EqualTo(StunClass.SuccessResponse));
        Assert.That(message.TryGetXorAddress(StunAttributeType.XorMappedAddress, out var address), Is.True);
        Assert.That(address.ToString(), Is.EqualTo(vector.Attribute("xor_mapped")));
    }

    [Test]
    public void Derives_the_long_term_key_of_rfc5769()
    {
        var vector = StunVectors.Get("long_term_request");
        using var key = StunIntegrityKey.FromLongTermCredential(vector.Attribute("username"), vector.Attribute("realm"), vector.Attribute("password"));
        Assert.That(StunMessageView.TryParse(vector.Message(), out var message), Is.True);
        Assert.That(message.VerifyMessageIntegrity(key), Is.True);
    }

    [Test]
    public void Computes_the_user_hash_of_rfc8489()
    {
        Span<byte> hash = stackalloc byte[32];
        var vector = StunVectors.Rfc8489;
        StunIntegrityKey.ComputeUserHash(vector.GetProperty("username").GetString()!, vector.GetProperty("realm").GetString()!, hash);
        Assert.That(Convert.ToHexStringLower(hash), Is.EqualTo(vector.GetProperty("userhash").GetString()));
    }

    [Test]
    public void Refuses_the_broken_messages_derived_from_rfc5769()
    {
        using var key = StunVectors.Get("request").Key();
        foreach (var vector in StunVectors.Rfc5769.GetProperty("negative_derived").EnumerateArray())
        {
            var isParsed = StunMessageView.TryParse(vector.Message(), out var message);
            Assert.That(isParsed && message.VerifyFingerprint() && message.VerifyMessageIntegrity(key), Is.False, vector.GetProperty("name").GetString());
        }
    }

    [Test]
    public void Reads_and_verifies_what_browsers_send()
    {
        foreach (var vector in StunVectors.Browsers.GetProperty("messages").EnumerateArray())
        {
            using var key = StunIntegrityKey.FromPassword(vector.GetProperty("key").GetString()!);
            Assert.That(StunMessageView.TryParse(vector.Message(), out var message), Is.True);
            Assert.That(message.VerifyFingerprint(), Is.True);
            Assert.That(message.VerifyMessageIntegrity(key), Is.True);
            Assert.That(message.GetUnknownRequired(new ushort[4]), Is.Zero);
            if (message.Class == StunClass.Request)
            {
                Assert.That(Text(message, StunAttributeType.Username), Is.EqualTo(vector.GetProperty("username").GetString()));
            }
            else
            {
                Assert.That(message.TryGetXorAddress(StunAttributeType.XorMappedAddress, out _), Is.True);
            }
        }
    }

    [Test]
    public void Attributes_behind_the_integrity_are_invisible()
    {
        using var key = StunIntegrityKey.FromPassword("password");
        var writer = new StunMessageWriter(new byte[200], StunClass.Request, StunMethod.Binding, new StunTransactionId(1, 2));
        writer.AddUInt32(StunAttributeType.Priority, 1);
        writer.AddMessageIntegrity(key);
        writer.AddFlag(StunAttributeType.UseCandidate);
        writer.AddMessageIntegritySha256(key);
        writer.AddMessageIntegrity(key);
        writer.AddText(StunAttributeType.Software, "late");
        writer.AddFingerprint();
        Assert.That(StunMessageView.TryParse(writer.Written, out var message), Is.True);
        Assert.That(message.HasAttribute(StunAttributeType.Priority), Is.True);
        Assert.That(message.HasAttribute(StunAttributeType.UseCandidate), Is.False);
        Assert.That(message.HasAttribute(StunAttributeType.Software), Is.False);
        Assert.That(message.VerifyMessageIntegrity(key), Is.True);
        Assert.That(message.VerifyMessageIntegritySha256(key), Is.True);
        Assert.That(message.VerifyFingerprint(), Is.True);
    }

    [Test]
    public void Nothing_counts_behind_the_fingerprint()
    {
        using var key = StunIntegrityKey.FromPassword("password");
        var writer = new StunMessageWriter(new byte[200], StunClass.Request, StunMethod.Binding, new StunTransactionId(1, 2));
        writer.AddFingerprint();
        writer.AddUInt32(StunAttributeType.Priority, 1);
        writer.AddMessageIntegrity(key);
        Assert.That(StunMessageView.TryParse(writer.Written, out var message), Is.True);
        Assert.That(message.HasAttribute(StunAttributeType.Priority), Is.False);
        Assert.That(message.HasMessageIntegrity, Is.False);
        Assert.That(message.VerifyFingerprint(), Is.False, "its CRC covers a length without what follows");
    }

    [Test]
    public void Accepts_a_sha256_integrity_truncated_to_16_bytes_and_no_shorter()
    {
        using var key = StunIntegrityKey.FromPassword("password");
        var full = new StunMessageWriter(new byte[200], StunClass.Request, StunMethod.Binding, new StunTransactionId(1, 2));
        full.AddMessageIntegritySha256(key);

        // The HMAC covers the length of the truncated form, so it is computed here independently.
        byte[] header = [.. full.Written[..20]];
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(2), 4 + 16);
        var hmac = System.Security.Cryptography.HMACSHA256.HashData("password"u8, header);
        byte[] truncated = [.. header, 0x00, 0x1C, 0x00, 0x10, .. hmac.AsSpan(0, 16)];
        Assert.That(StunMessageView.TryParse(truncated, out var message), Is.True);
        Assert.That(message.VerifyMessageIntegritySha256(key), Is.True);
        truncated[^1] ^= 1;
        Assert.That(StunMessageView.TryParse(truncated, out message), Is.True);
        Assert.That(message.VerifyMessageIntegritySha256(key), Is.False);
        byte[] tooShort = [.. header, 0x00, 0x1C, 0x00, 0x0C, .. hmac.AsSpan(0, 12)];
        BinaryPrimitives.WriteUInt16BigEndian(tooShort.AsSpan(2), 4 + 12);
        Assert.That(StunMessageView.TryParse(tooShort, out _), Is.False);
    }

    [Test]
    public void Lists_each_unknown_comprehension_required_attribute_once()
    {
        var writer = new StunMessageWriter(new byte[200], StunClass.Request, StunMethod.Binding, new StunTransactionId(1, 2));
        writer.AddUInt32((StunAttributeType)0x7FFF, 1);
        writer.AddUInt32((StunAttributeType)0x0031, 2);
        writer.AddUInt32((StunAttributeType)0x7FFF, 3);
        writer.AddUInt32((StunAttributeType)0xC057, 4);
        writer.AddUInt32(StunAttributeType.Priority, 5);
        Assert.That(StunMessageView.TryParse(writer.Written, out var message), Is.True);
        Span<ushort> unknown = stackalloc ushort[8];
        Assert.That(unknown[..message.GetUnknownRequired(unknown)].ToArray(), Is.EqualTo(new ushort[] { 0x7FFF, 0x0031 }));
        Assert.That(message.GetUnknownRequired(unknown[..1]), Is.EqualTo(1));
    }

    [Test]
    public void Security_1_every_prefix_of_a_message_is_refused()
    {
        foreach (var bytes in StunVectors.AllMessages())
        {
            for (var length = 0; length < bytes.Length; length++)
            {
                Assert.That(StunMessageView.TryParse(bytes.AsSpan(0, length), out _), Is.False);
            }

            Assert.That(StunMessageView.TryParse([.. bytes, 0, 0, 0, 0], out _), Is.False, "trailing bytes");
        }
    }

    [Test]
    public void Security_1_every_changed_byte_is_read_without_an_exception_and_never_verifies()
    {
        foreach (var vector in StunVectors.Browsers.GetProperty("messages").EnumerateArray())
        {
            using var key = StunIntegrityKey.FromPassword(vector.GetProperty("key").GetString()!);
            var original = vector.Message();
            for (var i = 0; i < original.Length; i++)
            {
                foreach (var mask in new byte[] { 0x01, 0x80, 0xFF })
                {
                    byte[] bytes = [.. original];
                    bytes[i] ^= mask;
                    if (StunMessageView.TryParse(bytes, out var message))
                    {
                        TouchEverything(message);
                        Assert.That(message.VerifyFingerprint() && message.VerifyMessageIntegrity(key), Is.False, $"byte {i}");
                    }
                }
            }
        }
    }

    [Test]
    public void Security_1_lengths_that_lie_are_refused()
    {
        byte[] header = [0, 1, 0, 4, 0x21, 0x12, 0xA4, 0x42, .. new byte[12]];
        Assert.That(StunMessageView.TryParse([.. header, 0x80, 0x22, 0, 0], out _), Is.True, "an empty attribute");
        Assert.That(StunMessageView.TryParse([.. header, 0x80, 0x22, 0, 1], out _), Is.False, "a value beyond the end");
        Assert.That(StunMessageView.TryParse([.. header, 0x80, 0x22, 0xFF, 0xFF], out _), Is.False, "the largest length");
        header[3] = 8;
        Assert.That(StunMessageView.TryParse([.. header, 0x80, 0x22, 0, 5, 1, 2, 3, 4], out _), Is.False, "padding beyond the end");
        Assert.That(StunMessageView.TryParse([.. header, 0x80, 0x28, 0, 3, 1, 2, 3, 4], out _), Is.False, "a short FINGERPRINT");
        Assert.That(StunMessageView.TryParse([.. header, 0x00, 0x08, 0, 4, 1, 2, 3, 4], out _), Is.False, "a short MESSAGE-INTEGRITY");
        header[0] = 0x40;
        Assert.That(StunMessageView.TryParse([.. header, 0x80, 0x22, 0, 4, 1, 2, 3, 4], out _), Is.False, "the first two bits");
    }

    [Test]
    public void Attributes_of_a_wrong_size_are_not_found()
    {
        var writer = new StunMessageWriter(new byte[200], StunClass.ErrorResponse, StunMethod.Binding, new StunTransactionId(1, 2));
        writer.Add(StunAttributeType.Priority, [1, 2, 3]);
        writer.Add(StunAttributeType.IceControlled, [1, 2, 3, 4]);
        writer.Add(StunAttributeType.XorMappedAddress, [0, 1, 2, 3, 4, 5, 6]);
        writer.Add(StunAttributeType.MappedAddress, [0, 3, 2, 3, 4, 5, 6, 7]);
        writer.Add(StunAttributeType.ErrorCode, [0, 0, 2, 0]);
        Assert.That(StunMessageView.TryParse(writer.Written, out var message), Is.True);
        Assert.That(message.TryGetUInt32(StunAttributeType.Priority, out _), Is.False);
        Assert.That(message.TryGetUInt64(StunAttributeType.IceControlled, out _), Is.False);
        Assert.That(message.TryGetXorAddress(StunAttributeType.XorMappedAddress, out _), Is.False);
        Assert.That(message.TryGetAddress(StunAttributeType.MappedAddress, out _), Is.False);
        Assert.That(message.TryGetErrorCode(out _, out _), Is.False);
    }

    [Test]
    public void Parsing_and_verifying_allocates_nothing()
    {
        var vector = StunVectors.Get("request");
        var bytes = vector.Message();
        using var key = vector.Key();
        var allocated = Allocations.Measure(() =>
        {
            if (!StunMessageView.TryParse(bytes, out var message) || !message.VerifyFingerprint() || !message.VerifyMessageIntegrity(key)
                || !message.TryGetUInt32(StunAttributeType.Priority, out _))
            {
                throw new InvalidOperationException();
            }
        });
        Assert.That(allocated, Is.Zero);
    }

    private static string Text(StunMessageView message, StunAttributeType type)
    {
        Assert.That(message.TryGetAttribute(type, out var value), Is.True, type.ToString());
        return Encoding.UTF8.GetString(value);
    }

    private static void TouchEverything(StunMessageView message)
    {
        _ = message.Class;
        _ = message.Method;
        _ = message.TransactionId;
        Span<ushort> unknown = stackalloc ushort[4];
        message.GetUnknownRequired(unknown);
        foreach (var attribute in message.Attributes)
        {
            _ = attribute.Value.Length;
            message.TryGetAddress(attribute.Type, out _);
            message.TryGetXorAddress(attribute.Type, out _);
        }

        message.TryGetErrorCode(out _, out _);
    }
}
