using System.Text.Json;
using WebRtcCore.Dtls.Crypto;
using WebRtcCore.Dtls.Handshake;
using WebRtcCore.Dtls.Messages;
using WebRtcCore.Dtls.Records;
using WebRtcCore.Primitives;
using WebRtcCore.Testing;

namespace WebRtcCore.Dtls.Tests;

/// <summary>What the browsers really sent: corpus/dtls.</summary>
public class BrowserCaptureTests
{
    private const string Handshake12 = "corpus/dtls/handshake12-firefox-chromium.json";

    [Test]
    public void A_browsers_large_fragmented_hello_is_answered_with_1_2(
        [Values("chromium", "firefox")] string browser,
        [Values] bool swapped)
    {
        var datagrams = Read($"corpus/dtls/client-hello-{browser}.json").GetProperty("datagrams").EnumerateArray()
            .Select(item => Convert.FromHexString(item.GetString()!)).Take(2).ToArray();
        if (swapped)
        {
            Array.Reverse(datagrams);
        }

        using var server = new DtlsEndpoint(DtlsRole.Server, DtlsPair.ServerOptions(), new SeededRandomSource(1));
        server.Start(Instant.Zero);
        server.HandleDatagram(datagrams[0].ToArray(), default, Instant.Zero);
        Assert.That(server.TryPollTransmit(new byte[1200], out _), Is.False, "one fragment is missing");
        server.HandleDatagram(datagrams[1].ToArray(), default, Instant.Zero);
        var answer = new byte[1200];
        Assert.That(server.TryPollTransmit(answer, out var transmit), Is.True);

        var body = answer.AsSpan(RecordHeader.Length + HandshakeHeader.Length, answer[RecordHeader.Length + 3]);
        Assert.That(ServerHello.TryParse(body, out var hello), Is.True);
        Assert.That(hello!.Version, Is.EqualTo(RecordHeader.Dtls12));
        Assert.That(hello.CipherSuite, Is.EqualTo((ushort)DtlsCipherSuite.EcdheEcdsaAes128GcmSha256));
        Assert.That(hello.Extensions.TryGet(ExtensionType.UseSrtp, out var srtp), Is.True);
        Assert.That(srtp[3], Is.EqualTo((byte)SrtpProtectionProfile.AeadAes128Gcm));
        Assert.That(hello.Extensions.Contains(ExtensionType.SupportedVersions), Is.False);
        Assert.That(transmit.Length, Is.InRange(600, 1200), "the whole flight in one datagram");
    }

    [Test]
    public void Every_message_of_a_browsers_handshake_is_read_and_written_back()
    {
        var (client, server) = PlaintextMessages();
        Assert.That(client.Select(message => message.Type), Is.EqualTo(new[]
        {
            HandshakeType.ClientHello, HandshakeType.Certificate, HandshakeType.ClientKeyExchange, HandshakeType.CertificateVerify,
        }));
        Assert.That(server.Select(message => message.Type), Is.EqualTo(new[]
        {
            HandshakeType.ServerHello, HandshakeType.Certificate, HandshakeType.ServerKeyExchange, HandshakeType.CertificateRequest, HandshakeType.ServerHelloDone,
        }));
        foreach (var message in client.Concat(server))
        {
            var parsed = Parse(message);
            Assert.That(parsed, Is.Not.Null, $"{message.Type}");
            var written = new byte[parsed!.EncodedLength];
            var writer = new SpanWriter(written);
            parsed.Write(ref writer);
            Assert.That(written, Is.EqualTo(message.Body.ToArray()), $"{message.Type}");
        }
    }

    [Test]
    public void A_browsers_signatures_verify()
    {
        var (client, server) = PlaintextMessages();
        Assert.That(CertificateMessage.TryParse(server[1].Body, out var serverCertificate), Is.True);
        Assert.That(ServerKeyExchange.TryParse(server[2].Body, out var exchange), Is.True);
        Assert.That(ClientHello.TryParse(client[0].Body, out var clientHello), Is.True);
        Assert.That(ServerHello.TryParse(server[0].Body, out var serverHello), Is.True);
        var signed = ServerKeyExchange.SignedData(clientHello!.Random, serverHello!.Random, exchange!.Group, exchange.PublicValue);
        Assert.That(Verify(serverCertificate!, exchange.Scheme, signed, exchange.Signature), Is.True);
        signed[0] ^= 1;
        Assert.That(Verify(serverCertificate!, exchange.Scheme, signed, exchange.Signature), Is.False);

        Assert.That(CertificateMessage.TryParse(client[1].Body, out var clientCertificate), Is.True);
        Assert.That(CertificateVerify.TryParse(client[3].Body, out var verify), Is.True);
        byte[] transcript = [.. client[0].Encoded, .. server.SelectMany(message => message.Encoded), .. client[1].Encoded, .. client[2].Encoded];
        Assert.That(Verify(clientCertificate!, verify!.Scheme, transcript, verify.Signature), Is.True);
    }

    [Test]
    public void Every_protected_record_of_a_browsers_connection_opens_and_both_finished_are_right()
    {
        var root = Read(Handshake12);
        var (client, server) = PlaintextMessages();
        Assert.That(ServerHello.TryParse(server[0].Body, out var hello), Is.True);
        using var keys = new Dtls12KeySchedule(
            CipherSuiteInfo.Find((DtlsCipherSuite)hello!.CipherSuite)!,
            Convert.FromHexString(root.GetProperty("master_secret").GetString()!),
            Convert.FromHexString(root.GetProperty("client_random").GetString()!),
            hello.Random);
        var (clientCipher, serverCipher) = keys.CreateRecordCiphers();
        var opened = new List<(bool FromClient, ContentType Type, byte[] Content)>();
        foreach (var (fromClient, record) in Records())
        {
            Assert.That(RecordHeader.TryParse(record, out var header), Is.True);
            if (header.Epoch == 1)
            {
                var cipher = fromClient ? clientCipher : serverCipher;
                Assert.That(cipher.TryOpen(header.Type, header.FullSequenceNumber, record.AsSpan(RecordHeader.Length)), Is.True);
                opened.Add((fromClient, header.Type, record[(RecordHeader.Length + 8)..^16]));
            }
        }

        Assert.That(opened.Count(item => item.Type == ContentType.ApplicationData), Is.EqualTo(8));
        Assert.That(opened.Count(item => item.Type == ContentType.Alert && item.Content.SequenceEqual(new byte[] { 1, 0 })), Is.EqualTo(2));

        // The order of the transcript: client hello, server's flight, client's flight, client's Finished.
        byte[] transcript =
        [
            .. client[0].Encoded, .. server.SelectMany(message => message.Encoded), .. client.Skip(1).SelectMany(message => message.Encoded),
        ];
        var finished = opened.Where(item => item.Type == ContentType.Handshake).ToArray();
        Assert.That(finished[0].Content[HandshakeHeader.Length..], Is.EqualTo(keys.FinishedData(DtlsRole.Client, System.Security.Cryptography.SHA256.HashData(transcript))));
        transcript = [.. transcript, .. finished[0].Content];
        Assert.That(finished[1].Content[HandshakeHeader.Length..], Is.EqualTo(keys.FinishedData(DtlsRole.Server, System.Security.Cryptography.SHA256.HashData(transcript))));
        clientCipher.Dispose();
        serverCipher.Dispose();
    }

    [Test]
    public void No_truncation_or_corruption_of_a_captured_datagram_throws()
    {
        var random = new SeededRandomSource(3);
        foreach (var item in Read(Handshake12).GetProperty("datagrams").EnumerateArray())
        {
            var datagram = Convert.FromHexString(item.GetProperty("hex").GetString()!);
            for (var length = 0; length < datagram.Length; length++)
            {
                Feed(datagram[..length]);
            }

            for (var i = 0; i < datagram.Length; i++)
            {
                var corrupted = datagram.ToArray();
                corrupted[i] ^= (byte)(1 + random.Next(255));
                Feed(corrupted);
            }
        }

        static void Feed(byte[] datagram)
        {
            foreach (var role in Enum.GetValues<DtlsRole>())
            {
                using var endpoint = new DtlsEndpoint(role, DtlsPair.ClientOptions(), new SeededRandomSource(1));
                endpoint.Start(Instant.Zero);
                endpoint.HandleDatagram(datagram.ToArray(), default, Instant.Zero);
                Assert.That(endpoint.State, Is.EqualTo(DtlsState.Connecting).Or.EqualTo(DtlsState.Failed));
            }
        }
    }

    private static bool Verify(CertificateMessage message, SignatureScheme scheme, byte[] data, byte[] signature)
    {
        using var certificate = System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadCertificate(message.Certificates[0]);
        return Signatures.Verify(certificate, scheme, data, signature);
    }

    private static IHandshakeMessage? Parse(HandshakeMessage message) => message.Type switch
    {
        HandshakeType.ClientHello => ClientHello.TryParse(message.Body, out var hello) ? hello : null,
        HandshakeType.ServerHello => ServerHello.TryParse(message.Body, out var hello) ? hello : null,
        HandshakeType.Certificate => CertificateMessage.TryParse(message.Body, out var certificate) ? certificate : null,
        HandshakeType.ServerKeyExchange => ServerKeyExchange.TryParse(message.Body, out var exchange) ? exchange : null,
        HandshakeType.CertificateRequest => CertificateRequestMessage.TryParse(message.Body, out var request) ? request : null,
        HandshakeType.ServerHelloDone => ServerHelloDone.TryParse(message.Body, out var done) ? done : null,
        HandshakeType.ClientKeyExchange => ClientKeyExchange.TryParse(message.Body, out var exchange) ? exchange : null,
        HandshakeType.CertificateVerify => CertificateVerify.TryParse(message.Body, out var verify) ? verify : null,
        _ => null,
    };

    private static (List<HandshakeMessage> Client, List<HandshakeMessage> Server) PlaintextMessages()
    {
        var client = new HandshakeReassembler();
        var server = new HandshakeReassembler();
        foreach (var (fromClient, record) in Records())
        {
            Assert.That(RecordHeader.TryParse(record, out var header), Is.True);
            if (header is { Epoch: 0, Type: ContentType.Handshake })
            {
                var reader = new SpanReader(record.AsSpan(RecordHeader.Length));
                while (!reader.IsAtEnd)
                {
                    Assert.That(HandshakeHeader.TryParse(ref reader, out var handshakeHeader, out var fragment), Is.True);
                    (fromClient ? client : server).Add(handshakeHeader, fragment, 0);
                }
            }
        }

        return (Take(client), Take(server));

        static List<HandshakeMessage> Take(HandshakeReassembler reassembler)
        {
            var messages = new List<HandshakeMessage>();
            for (; reassembler.TryPeek(out var message); reassembler.Advance())
            {
                messages.Add(message!);
            }

            return messages;
        }
    }

    private static IEnumerable<(bool FromClient, byte[] Record)> Records() =>
        from item in Read(Handshake12).GetProperty("datagrams").EnumerateArray()
        let fromClient = item.GetProperty("dir").GetString() == "c"
        from record in new SentDatagram(fromClient, 0, Convert.FromHexString(item.GetProperty("hex").GetString()!)).Records
        select (fromClient, record);

    private static JsonElement Read(string path)
    {
        using var document = JsonDocument.Parse(TestData.ReadText(path));
        return document.RootElement.Clone();
    }
}
