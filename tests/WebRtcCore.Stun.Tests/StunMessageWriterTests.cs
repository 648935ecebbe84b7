using System.Text;
using CsCheck;
using WebRtcCore.Primitives;
using WebRtcCore.Testing;

namespace WebRtcCore.Stun.Tests;

[TestFixture]
public class StunMessageWriterTests
{
    private static readonly Gen<TransportAddress> Addresses = Gen.OneOf(
        Gen.Byte.Array[4].Select(Gen.UShort, (bytes, port) => TransportAddress.FromBytes(bytes, port)),
        Gen.Byte.Array[16].Select(Gen.UShort, (bytes, port) => TransportAddress.FromBytes(bytes, port)));

    [Test]
    public void Writes_the_request_of_rfc5769_byte_for_byte_except_its_padding()
    {
        var vector = StunVectors.Get("request");
        using var key = vector.Key();
        var expected = vector.Message();
        Assert.That(StunMessageView.TryParse(expected, out var parsed), Is.True);
        var writer = new StunMessageWriter(new byte[200], StunClass.Request, StunMethod.Binding, parsed.TransactionId);
        writer.AddText(StunAttributeType.Software, vector.Attribute("software"));
        writer.AddUInt32(StunAttributeType.Priority, 1845494271);
        writer.AddUInt64(StunAttributeType.IceControlled, 0x932ff9b151263b36);
        writer.AddText(StunAttributeType.Username, vector.Attribute("username"));

        // The RFC pads with spaces on purpose, so the bytes agree up to there and the sums after it cannot.
        Assert.That(writer.Written[4..].ToArray(), Is.EqualTo(expected.AsSpan(4, writer.Length - 7).ToArray().Concat(new byte[3])));
        writer.AddMessageIntegrity(key);
        writer.AddFingerprint();
        Assert.That(writer.Length, Is.EqualTo(expected.Length));
    }

    [TestCase("ipv4_response")]
    [TestCase("ipv6_response")]
    public void Writes_responses_like_those_of_rfc5769(string name)
    {
        var vector = StunVectors.Get(name);
        using var key = vector.Key();
        var expected = vector.Message();
        Assert.That(StunMessageView.TryParse(expected, out var parsed), Is.True);
        parsed.TryGetXorAddress(StunAttributeType.XorMappedAddress, out var address);
        var writer = new StunMessageWriter(new byte[200], StunClass.SuccessResponse, StunMethod.Binding, parsed.TransactionId);
        writer.AddText(StunAttributeType.Software, vector.Attribute("software"));
        writer.AddXorAddress(StunAttributeType.XorMappedAddress, address);
        var value = name == "ipv4_response" ? 12 : 24;
        Assert.That(writer.Written[^value..].ToArray(), Is.EqualTo(expected.AsSpan(36, value).ToArray()));
    }

    [Test]
    public void Writes_again_what_browsers_sent_to_the_same_bytes()
    {
        foreach (var vector in StunVectors.Browsers.GetProperty("messages").EnumerateArray())
        {
            using var key = StunIntegrityKey.FromPassword(vector.GetProperty("key").GetString()!);
            var expected = vector.Message();
            Assert.That(StunMessageView.TryParse(expected, out var message), Is.True);
            var writer = new StunMessageWriter(new byte[200], message.Class, message.Method, message.TransactionId);
            foreach (var attribute in message.Attributes)
            {
                if (attribute.Type == StunAttributeType.XorMappedAddress)
                {
                    message.TryGetXorAddress(attribute.Type, out var address);
                    writer.AddXorAddress(attribute.Type, address);
                }
                else
                {
                    writer.Add(attribute.Type, attribute.Value);
                }
            }

            writer.AddMessageIntegrity(key);
            writer.AddFingerprint();
            Assert.That(writer.Written.ToArray(), Is.EqualTo(expected));
        }
    }

    [Test]
    public void Security_3_padding_bytes_are_zero()
    {
        for (var length = 0; length < 8; length++)
        {
            var destination = new byte[100];
            Array.Fill(destination, (byte)0xFF);
            var writer = new StunMessageWriter(destination, StunClass.Request, StunMethod.Binding, default);
            writer.Add(StunAttributeType.Software, new byte[length].Select(_ => (byte)0xAA).ToArray());
            var padding = writer.Written[(20 + 4 + length)..].ToArray();
            Assert.That(padding, Has.Length.EqualTo((4 - (length & 3)) & 3));
            Assert.That(padding, Is.All.Zero);
        }
    }

    [Test]
    public void Addresses_read_back_as_written() => Addresses.Select(Gen.UInt, Gen.ULong).Sample((address, high, low) =>
    {
        var writer = new StunMessageWriter(new byte[200], StunClass.SuccessResponse, StunMethod.Binding, new StunTransactionId(high, low));
        writer.AddXorAddress(StunAttributeType.XorMappedAddress, address);
        writer.AddAddress(StunAttributeType.AlternateServer, address);
        return StunMessageView.TryParse(writer.Written, out var message)
            && message.TryGetXorAddress(StunAttributeType.XorMappedAddress, out var xored) && xored == address
            && message.TryGetAddress(StunAttributeType.AlternateServer, out var clear) && clear == address
            && message.TransactionId == new StunTransactionId(high, low);
    });

    [Test]
    public void Attributes_read_back_as_written() => Gen.Byte.Array[0, 60].Select(Gen.UInt, Gen.ULong, Gen.String[0, 20], Gen.Int[0, 0xFFF]).Sample((bytes, u32, u64, text, method) =>
    {
        using var key = new StunIntegrityKey(bytes);
        var writer = new StunMessageWriter(new byte[1200], StunClass.Indication, (StunMethod)method, new StunTransactionId(u32, u64));
        writer.Add(StunAttributeType.Nonce, bytes);
        writer.AddUInt32(StunAttributeType.Priority, u32);
        writer.AddUInt64(StunAttributeType.IceControlling, u64);
        writer.AddText(StunAttributeType.Software, text);
        writer.AddMessageIntegrity(key);
        writer.AddMessageIntegritySha256(key);
        writer.AddFingerprint();
        return StunMessageView.TryParse(writer.Written, out var message)
            && message.Class == StunClass.Indication
            && message.Method == (StunMethod)method
            && message.TryGetAttribute(StunAttributeType.Nonce, out var nonce) && nonce.SequenceEqual(bytes)
            && message.TryGetUInt32(StunAttributeType.Priority, out var p) && p == u32
            && message.TryGetUInt64(StunAttributeType.IceControlling, out var t) && t == u64
            && message.TryGetAttribute(StunAttributeType.Software, out var s) && s.SequenceEqual(Encoding.UTF8.GetBytes(text))
            && message.VerifyMessageIntegrity(key) && message.VerifyMessageIntegritySha256(key) && message.VerifyFingerprint();
    });

    [TestCase(StunErrorCode.TryAlternate)]
    [TestCase(StunErrorCode.BadRequest)]
    [TestCase(StunErrorCode.Unauthenticated)]
    [TestCase(StunErrorCode.UnknownAttribute)]
    [TestCase(StunErrorCode.StaleNonce)]
    [TestCase(StunErrorCode.RoleConflict)]
    [TestCase(StunErrorCode.ServerError)]
    public void Error_codes_read_back_as_written(StunErrorCode code)
    {
        var writer = new StunMessageWriter(new byte[200], StunClass.ErrorResponse, StunMethod.Binding, default);
        writer.AddErrorCode(code, "why");
        writer.AddUnknownAttributes([0x1234, 0x5678, 0x9ABC]);
        Assert.That(StunMessageView.TryParse(writer.Written, out var message), Is.True);
        Assert.That(message.TryGetErrorCode(out var read, out var reason), Is.True);
        Assert.That(read, Is.EqualTo(code));
        Assert.That(Encoding.UTF8.GetString(reason), Is.EqualTo("why"));
        Assert.That(message.TryGetAttribute(StunAttributeType.UnknownAttributes, out var unknown), Is.True);
        Assert.That(unknown.ToArray(), Is.EqualTo(new byte[] { 0x12, 0x34, 0x56, 0x78, 0x9A, 0xBC }));
    }

    [Test]
    public void Too_small_a_destination_is_the_callers_error()
    {
        Assert.That(() => { _ = new StunMessageWriter(new byte[19], StunClass.Request, StunMethod.Binding, default); }, Throws.InstanceOf<ArgumentException>());
        Assert.That(
            () =>
            {
                var writer = new StunMessageWriter(new byte[24], StunClass.Request, StunMethod.Binding, default);
                writer.AddUInt32(StunAttributeType.Priority, 1);
            },
            Throws.InstanceOf<ArgumentException>());
    }

    [Test]
    public void Writing_a_check_allocates_nothing()
    {
        using var key = StunIntegrityKey.FromPassword("VOkJxbRl1RmTxUk/WvJxBt");
        var destination = new byte[1200];
        var username = Encoding.UTF8.GetBytes("evtj:h6vY");
        var allocated = Allocations.Measure(() =>
        {
            var writer = new StunMessageWriter(destination, StunClass.Request, StunMethod.Binding, new StunTransactionId(1, 2));
            writer.Add(StunAttributeType.Username, username);
            writer.AddUInt32(StunAttributeType.Priority, 1);
            writer.AddMessageIntegrity(key);
            writer.AddFingerprint();
        });
        Assert.That(allocated, Is.Zero);
    }

    [Test]
    public void A_disposed_key_is_zeroed_and_refuses_work()
    {
        var key = StunIntegrityKey.FromPassword("password");
        key.Dispose();
        Assert.That(
            () =>
            {
                var writer = new StunMessageWriter(new byte[100], StunClass.Request, StunMethod.Binding, default);
                writer.AddMessageIntegrity(key);
            },
            Throws.InstanceOf<ObjectDisposedException>());
    }
}
