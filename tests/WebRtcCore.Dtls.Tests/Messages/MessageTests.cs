using CsCheck;
using WebRtcCore.Dtls.Crypto;
using WebRtcCore.Dtls.Messages;
using WebRtcCore.Primitives;

namespace WebRtcCore.Dtls.Tests.Messages;

/// <summary>Every message: what is written is read back and written the same; no truncation or corruption makes a parser throw.</summary>
public class MessageTests
{
    private delegate IHandshakeMessage? Parse(ReadOnlySpan<byte> body);

    private static readonly Gen<byte[]> Bytes = Gen.Byte.Array[0, 100];
    private static readonly Gen<ushort[]> Numbers = Gen.UShort.Array[1, 20];
    private static readonly Gen<byte[]> Random = Gen.Byte.Array[32];

    private static readonly Gen<HelloExtensions> Extensions = Gen.Select(Gen.UShort, Bytes).Array[0, 8].Select(items =>
    {
        var extensions = new HelloExtensions();
        foreach (var (type, data) in items.DistinctBy(item => item.Item1))
        {
            extensions.Add((ExtensionType)type, data);
        }

        return extensions;
    });

    [Test]
    public void Client_hello() => AssertRoundTrip(
        Gen.Select(Random, Gen.Byte.Array[0, 32], Gen.Byte.Array[0, 255], Numbers, Gen.Byte.Array[1, 4], Extensions).Select((random, id, cookie, suites, methods, extensions) =>
            (IHandshakeMessage)new ClientHello
            {
                Version = 0xFEFD,
                Random = random,
                SessionId = id,
                Cookie = cookie,
                CipherSuites = suites,
                CompressionMethods = methods,
                Extensions = extensions,
            }),
        body => ClientHello.TryParse(body, out var message) ? message : null);

    [Test]
    public void Server_hello() => AssertRoundTrip(
        Gen.Select(Random, Gen.Byte.Array[0, 32], Gen.UShort, Extensions).Select((random, id, suite, extensions) =>
            (IHandshakeMessage)new ServerHello { Version = 0xFEFD, Random = random, SessionId = id, CipherSuite = suite, Extensions = extensions }),
        body => ServerHello.TryParse(body, out var message) ? message : null);

    [Test]
    public void Hello_verify_request() => AssertRoundTrip(
        Gen.Byte.Array[0, 255].Select(cookie => (IHandshakeMessage)new HelloVerifyRequest(0xFEFF, cookie)),
        body => HelloVerifyRequest.TryParse(body, out var message) ? message : null);

    [Test]
    public void Certificate() => AssertRoundTrip(
        Gen.Byte.Array[1, 300].Array[0, 4].Select(list => (IHandshakeMessage)new CertificateMessage(list)),
        body => CertificateMessage.TryParse(body, out var message) ? message : null);

    [Test]
    public void Server_key_exchange() => AssertRoundTrip(
        Gen.Select(Gen.UShort, Bytes, Bytes).Select((group, value, signature) =>
            (IHandshakeMessage)new ServerKeyExchange(group, value, SignatureScheme.RsaPssRsaeSha256, signature)),
        body => ServerKeyExchange.TryParse(body, out var message) ? message : null);

    [Test]
    public void Certificate_request() => AssertRoundTrip(
        Gen.Select(Gen.Byte.Array[1, 5], Numbers).Select((types, schemes) =>
            (IHandshakeMessage)new CertificateRequestMessage(types, Array.ConvertAll(schemes, scheme => (SignatureScheme)scheme))),
        body => CertificateRequestMessage.TryParse(body, out var message) ? message : null);

    [Test]
    public void Server_hello_done() => AssertRoundTrip(
        Gen.Const((IHandshakeMessage)new ServerHelloDone()),
        body => ServerHelloDone.TryParse(body, out var message) ? message : null);

    [Test]
    public void Client_key_exchange() => AssertRoundTrip(
        Bytes.Select(value => (IHandshakeMessage)new ClientKeyExchange(value)),
        body => ClientKeyExchange.TryParse(body, out var message) ? message : null);

    [Test]
    public void Certificate_verify() => AssertRoundTrip(
        Bytes.Select(signature => (IHandshakeMessage)new CertificateVerify(SignatureScheme.EcdsaSecp256r1Sha256, signature)),
        body => CertificateVerify.TryParse(body, out var message) ? message : null);

    [Test]
    public void Finished_message() => AssertRoundTrip(
        Gen.Byte.Array[Finished.VerifyDataLength].Select(data => (IHandshakeMessage)new Finished(data)),
        body => Finished.TryParse(body, out var message) ? message : null);

    [Test]
    public void An_extension_that_appears_twice_is_an_error()
    {
        byte[] block = [0, 8, 0, 23, 0, 0, 0, 23, 0, 0];
        var reader = new SpanReader(block);
        Assert.That(HelloExtensions.TryParse(ref reader, out _), Is.False);
    }

    [Test]
    public void Bytes_after_the_extensions_are_an_error()
    {
        byte[] block = [0, 4, 0, 23, 0, 0, 9];
        var reader = new SpanReader(block);
        Assert.That(HelloExtensions.TryParse(ref reader, out _), Is.False);
    }

    [Test]
    public void Use_srtp_is_read_as_written()
    {
        var data = new UseSrtpExtension([7, 8, 1], [5, 6]).ToArray();
        Assert.That(data, Is.EqualTo(new byte[] { 0, 6, 0, 7, 0, 8, 0, 1, 2, 5, 6 }));
        Assert.That(UseSrtpExtension.TryParse(data, out var read), Is.True);
        Assert.That(read!.Profiles, Is.EqualTo(new ushort[] { 7, 8, 1 }));
        Assert.That(read.MasterKeyIdentifier, Is.EqualTo(new byte[] { 5, 6 }));
        for (var length = 0; length < data.Length; length++)
        {
            Assert.That(UseSrtpExtension.TryParse(data.AsSpan(0, length), out _), Is.False);
        }
    }

    [Test]
    public void Alerts_are_read_as_written()
    {
        foreach (var alert in new Alert[] { new(true, DtlsAlertDescription.BadCertificate), new(false, DtlsAlertDescription.CloseNotify) })
        {
            var bytes = new byte[Alert.Length];
            var writer = new SpanWriter(bytes);
            alert.Write(ref writer);
            Assert.That(Alert.TryParse(bytes, out var read), Is.True);
            Assert.That(read, Is.EqualTo(alert));
        }

        Assert.That(Alert.TryParse([3, 0], out _), Is.False);
        Assert.That(Alert.TryParse([1], out _), Is.False);
        Assert.That(Alert.TryParse([1, 0, 0], out _), Is.False);
    }

    [Test]
    public void A_fragment_must_lie_within_its_message()
    {
        // type, length 10, sequence 0, offset, fragment length, then the fragment.
        Assert.That(TryHeader(10, 0, 10, 10), Is.True);
        Assert.That(TryHeader(10, 5, 5, 5), Is.True);
        Assert.That(TryHeader(10, 10, 0, 0), Is.True);
        Assert.That(TryHeader(10, 11, 0, 0), Is.False);
        Assert.That(TryHeader(10, 5, 6, 6), Is.False);
        Assert.That(TryHeader(10, 0, 10, 9), Is.False);
        Assert.That(TryHeader(0xFFFFFF, 0xFFFFFF, 0xFFFFFF, 3), Is.False);

        static bool TryHeader(uint length, uint offset, uint fragmentLength, int bytes)
        {
            var data = new byte[HandshakeHeader.Length + bytes];
            var writer = new SpanWriter(data);
            writer.WriteByte(1);
            writer.WriteUInt24(length);
            writer.WriteUInt16(0);
            writer.WriteUInt24(offset);
            writer.WriteUInt24(fragmentLength);
            var reader = new SpanReader(data);
            return HandshakeHeader.TryParse(ref reader, out _, out _);
        }
    }

    private static void AssertRoundTrip(Gen<IHandshakeMessage> messages, Parse parse)
    {
        messages.Sample(message =>
        {
            var body = Encode(message);
            var read = parse(body);
            return read is not null && read.Type == message.Type && Encode(read).AsSpan().SequenceEqual(body);
        });

        var example = Encode(messages.Single());
        for (var length = 0; length < example.Length; length++)
        {
            parse(example.AsSpan(0, length));
        }

        for (var i = 0; i < example.Length; i++)
        {
            foreach (var value in new byte[] { 0, 1, 0x7F, 0x80, 0xFF })
            {
                var corrupted = example.ToArray();
                corrupted[i] = value;
                parse(corrupted);
            }
        }

        Gen.Byte.Array[0, 400].Sample(bytes => { parse(bytes); });
    }

    private static byte[] Encode(IHandshakeMessage message)
    {
        var bytes = new byte[message.EncodedLength];
        var writer = new SpanWriter(bytes);
        message.Write(ref writer);
        Assert.That(writer.Remaining, Is.Zero, "EncodedLength is exact");
        return bytes;
    }
}
