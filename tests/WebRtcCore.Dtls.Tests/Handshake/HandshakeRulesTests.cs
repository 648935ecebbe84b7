using WebRtcCore.Dtls.Crypto;
using WebRtcCore.Dtls.Handshake;
using WebRtcCore.Dtls.Messages;

namespace WebRtcCore.Dtls.Tests.Handshake;

/// <summary>What the state machines do with a peer that breaks a rule: rows 18 to 20 of security.md, message by message.</summary>
public class HandshakeRulesTests
{
    private HandshakeSide _client = null!;
    private HandshakeSide _server = null!;

    [SetUp]
    public void SetUp()
    {
        _client = new HandshakeSide(DtlsRole.Client);
        _server = new HandshakeSide(DtlsRole.Server);
    }

    [TearDown]
    public void TearDown()
    {
        _client.Dispose();
        _server.Dispose();
    }

    [Test]
    public void A_client_without_certificate_fails()
    {
        var flight = ClientSecondFlight();
        Assert.That(_server.Give(flight[1]), Is.EqualTo(HandshakeStep.Fail(DtlsErrorKind.CertificateMissing, DtlsAlertDescription.HandshakeFailure)), "left out");
    }

    [Test]
    public void A_client_with_an_empty_certificate_list_fails()
    {
        ClientSecondFlight();
        var empty = HandshakeSide.Message(new CertificateMessage([]), 1);
        Assert.That(_server.Give(empty).Error, Is.EqualTo(DtlsErrorKind.CertificateMissing));
    }

    [Test]
    public void A_client_that_does_not_hold_its_key_fails()
    {
        var flight = ClientSecondFlight();
        _server.GiveAll(flight[..2]);
        Assert.That(CertificateVerify.TryParse(flight[2].Body, out var genuine), Is.True);
        var stolen = genuine! with { Signature = Signatures.Sign(TestCertificates.Server, genuine.Scheme, "something else"u8) };
        Assert.That(_server.Give(HandshakeSide.Message(stolen, 3)).Error, Is.EqualTo(DtlsErrorKind.AuthenticationFailed));
    }

    [Test]
    public void A_client_that_skips_certificate_verify_fails()
    {
        var flight = ClientSecondFlight();
        _server.GiveAll(flight[..2]);
        var finished = HandshakeSide.Message(new Finished(new byte[12]), 3, epoch: 1);
        Assert.That(_server.Give(finished).Error, Is.EqualTo(DtlsErrorKind.ProtocolViolation));
    }

    [Test]
    public void A_certificate_with_another_fingerprint_fails_before_any_key_exists()
    {
        var flight = ClientSecondFlight();
        var other = HandshakeSide.Message(new CertificateMessage([TestCertificates.P384.Encoded.ToArray()]), 1);
        Assert.That(_server.Give(other), Is.EqualTo(HandshakeStep.Fail(DtlsErrorKind.FingerprintMismatch, DtlsAlertDescription.BadCertificate)));
        Assert.That(_server.Handshake.RemoteCertificate, Is.Null);
        Assert.That(flight, Has.Count.EqualTo(3));
    }

    [Test]
    public void A_certificate_that_cannot_be_read_fails()
    {
        using var trusting = new HandshakeSide(DtlsRole.Server, DtlsPair.ServerOptions() with { RemoteFingerprintVerification = RemoteFingerprintVerification.None });
        trusting.GiveAll(_client.TakeFlight());
        Assert.That(trusting.Give(HandshakeSide.Message(new CertificateMessage([[1, 2, 3]]), 1)).Error, Is.EqualTo(DtlsErrorKind.BadCertificate));
    }

    [Test]
    public void A_server_that_does_not_hold_its_key_fails()
    {
        var flight = ServerFlight();
        _client.GiveAll(flight[..2]);
        Assert.That(ServerKeyExchange.TryParse(flight[2].Body, out var genuine), Is.True);
        var forged = genuine! with { PublicValue = new byte[32] };
        Assert.That(_client.Give(HandshakeSide.Message(forged, 2)).Error, Is.EqualTo(DtlsErrorKind.AuthenticationFailed));
    }

    [Test]
    public void A_server_that_signs_with_the_wrong_kind_of_key_fails()
    {
        var flight = ServerFlight();
        _client.GiveAll(flight[..2]);
        Assert.That(ServerKeyExchange.TryParse(flight[2].Body, out var genuine), Is.True);
        Assert.That(_client.Give(HandshakeSide.Message(genuine! with { Scheme = SignatureScheme.RsaPkcs1Sha256 }, 2)).Error, Is.EqualTo(DtlsErrorKind.ProtocolViolation));
    }

    [Test]
    public void A_server_that_picks_a_group_not_offered_fails()
    {
        var flight = ServerFlight();
        _client.GiveAll(flight[..2]);
        Assert.That(ServerKeyExchange.TryParse(flight[2].Body, out var genuine), Is.True);
        Assert.That(_client.Give(HandshakeSide.Message(genuine! with { Group = 0x19 }, 2)).Error, Is.EqualTo(DtlsErrorKind.ProtocolViolation));
    }

    [Test]
    public void A_server_hello_without_extended_master_secret_fails() =>
        Assert.That(GiveServerHello(hello => hello with { Extensions = Without(hello.Extensions, ExtensionType.ExtendedMasterSecret) }).Error, Is.EqualTo(DtlsErrorKind.NoCommonParameters));

    [Test]
    public void A_client_hello_without_extended_master_secret_is_refused() =>
        Assert.That(GiveClientHello(hello => hello with { Extensions = Without(hello.Extensions, ExtensionType.ExtendedMasterSecret) }), Is.EqualTo(
            HandshakeStep.Refuse(DtlsErrorKind.NoCommonParameters, DtlsAlertDescription.HandshakeFailure)));

    [Test]
    public void A_server_hello_with_a_suite_not_offered_fails() =>
        Assert.That(GiveServerHello(hello => hello with { CipherSuite = 0xC013 }).Alert, Is.EqualTo(DtlsAlertDescription.IllegalParameter));

    [Test]
    public void A_server_hello_of_an_older_version_fails() =>
        Assert.That(GiveServerHello(hello => hello with { Version = 0xFEFF }).Error, Is.EqualTo(DtlsErrorKind.ProtocolVersion));

    [Test]
    public void A_server_hello_with_compression_fails() =>
        Assert.That(GiveServerHello(hello => hello with { CompressionMethod = 1 }).Alert, Is.EqualTo(DtlsAlertDescription.IllegalParameter));

    [Test]
    public void A_server_hello_with_an_extension_not_offered_fails() =>
        Assert.That(GiveServerHello(hello => hello with { Extensions = With(hello.Extensions, (ExtensionType)16, [0, 0]) }).Alert, Is.EqualTo(DtlsAlertDescription.UnsupportedExtension));

    [Test]
    public void A_renegotiation_info_that_is_not_empty_fails()
    {
        Assert.That(GiveServerHello(hello => hello with { Extensions = With(hello.Extensions, ExtensionType.RenegotiationInfo, [1, 9]) }).Error, Is.EqualTo(DtlsErrorKind.ProtocolViolation));
        Assert.That(
            GiveClientHello(hello => hello with { Extensions = With(hello.Extensions, ExtensionType.RenegotiationInfo, [1, 9]) }).Outcome,
            Is.EqualTo(StepOutcome.Refused));
    }

    [Test]
    public void The_downgrade_mark_of_a_server_that_speaks_1_3_is_no_error_to_a_client_that_does_not() =>
        Assert.That(GiveServerHello(hello => hello with { Random = [.. hello.Random[..24], .. "DOWNGRD\u0001"u8] }).Outcome, Is.EqualTo(StepOutcome.Accepted));

    [Test]
    public void A_server_that_answers_use_srtp_wrongly_fails(
        [Values("0002000700", "0002000100")] string good,
        [Values("00020007020506", "000400070008" + "00", "0002000900", "0000" + "00", "00020007", "")] string bad)
    {
        Assert.That(GiveServerHello(hello => hello with { Extensions = With(hello.Extensions, ExtensionType.UseSrtp, Convert.FromHexString(good)) }).Outcome, Is.EqualTo(StepOutcome.Accepted));
        Assert.That(
            GiveServerHello(hello => hello with { Extensions = With(hello.Extensions, ExtensionType.UseSrtp, Convert.FromHexString(bad)) }).Alert,
            Is.EqualTo(DtlsAlertDescription.IllegalParameter));
    }

    [Test]
    public void A_server_that_ignores_use_srtp_is_fine_but_gets_no_media()
    {
        Assert.That(GiveServerHello(hello => hello with { Extensions = Without(hello.Extensions, ExtensionType.UseSrtp) }).Outcome, Is.EqualTo(StepOutcome.Accepted));
        Assert.That(_client.Handshake.SrtpProfile, Is.Null);
    }

    [Test]
    public void A_clients_master_key_identifier_is_answered_with_none()
    {
        var srtp = new UseSrtpExtension([7], [1, 2, 3]).ToArray();
        Assert.That(GiveClientHello(hello => hello with { Extensions = With(hello.Extensions, ExtensionType.UseSrtp, srtp) }).Outcome, Is.EqualTo(StepOutcome.Accepted));
        Assert.That(ServerHello.TryParse(_server.TakeFlight()[0].Body, out var answer), Is.True);
        Assert.That(answer!.Extensions.TryGet(ExtensionType.UseSrtp, out var data), Is.True);
        Assert.That(data.ToArray(), Is.EqualTo(new byte[] { 0, 2, 0, 7, 0 }));
    }

    [Test]
    public void A_client_hello_without_common_parameters_is_refused()
    {
        Assert.That(GiveClientHello(hello => hello with { CipherSuites = [0xC013] }).Outcome, Is.EqualTo(StepOutcome.Refused), "suite");
        Assert.That(GiveClientHello(hello => hello with { CompressionMethods = [1] }).Outcome, Is.EqualTo(StepOutcome.Refused), "compression");
        Assert.That(GiveClientHello(hello => hello with { Extensions = With(hello.Extensions, ExtensionType.SupportedGroups, [0, 2, 0, 0x19]) }).Outcome, Is.EqualTo(StepOutcome.Refused), "group");
        Assert.That(GiveClientHello(hello => hello with { Extensions = With(hello.Extensions, ExtensionType.SignatureAlgorithms, [0, 2, 2, 3]) }).Outcome, Is.EqualTo(StepOutcome.Refused), "SHA-1");
    }

    [Test]
    public void A_client_hello_without_groups_gets_p256()
    {
        Assert.That(GiveClientHello(hello => hello with { Extensions = Without(hello.Extensions, ExtensionType.SupportedGroups) }).Outcome, Is.EqualTo(StepOutcome.Accepted));
        Assert.That(_server.Handshake.Group, Is.EqualTo(DtlsGroup.Secp256r1));
    }

    [Test]
    public void The_signalling_suite_stands_for_renegotiation_info()
    {
        GiveClientHello(hello => hello with
        {
            CipherSuites = [.. hello.CipherSuites, ClientHello.RenegotiationInfoSignal],
            Extensions = Without(hello.Extensions, ExtensionType.RenegotiationInfo),
        });
        Assert.That(ServerHello.TryParse(_server.TakeFlight()[0].Body, out var answer), Is.True);
        Assert.That(answer!.Extensions.Contains(ExtensionType.RenegotiationInfo), Is.True);
    }

    [Test]
    public void A_finished_in_plaintext_is_dropped_and_a_wrong_one_fails()
    {
        _client.GiveAll(ServerFlight());
        Assert.That(_client.Give(HandshakeSide.Message(new Finished(new byte[12]), 5)).Outcome, Is.EqualTo(StepOutcome.Discarded));
        Assert.That(_client.Give(HandshakeSide.Message(new Finished(new byte[12]), 5, epoch: 1)).Error, Is.EqualTo(DtlsErrorKind.AuthenticationFailed));
        Assert.That(_client.IsComplete, Is.False);
    }

    [Test]
    public void A_hello_verify_request_is_answered_with_its_cookie()
    {
        var first = _client.TakeFlight();
        Assert.That(_client.Give(HandshakeSide.Message(new HelloVerifyRequest(0xFEFF, [7, 7, 7]), 0)), Is.EqualTo(HandshakeStep.AcceptAndSend));
        var second = _client.TakeFlight();
        Assert.That(ClientHello.TryParse(first[0].Body, out var plain), Is.True);
        Assert.That(ClientHello.TryParse(second[0].Body, out var withCookie), Is.True);
        Assert.That(withCookie!.Cookie, Is.EqualTo(new byte[] { 7, 7, 7 }));
        Assert.That(withCookie.Random, Is.EqualTo(plain!.Random));
        Assert.That(second[0].Encoded[5], Is.EqualTo(1), "the sequence goes on");

        // The transcript starts with the second hello: the server, which has seen nothing else, agrees.
        _server.GiveAll(second);
        _client.GiveAll(_server.TakeFlight());
    }

    [Test]
    public void A_server_that_asks_for_no_certificate_gets_none()
    {
        var flight = ServerFlight();
        _client.GiveAll(flight[..3]);
        Assert.That(_client.Give(HandshakeSide.Message(new ServerHelloDone(), 3)).Outcome, Is.EqualTo(StepOutcome.Accepted));
        Assert.That(_client.TakeFlight().Select(message => message.Type), Is.EqualTo(new[] { HandshakeType.ClientKeyExchange }));
    }

    [Test]
    public void A_plaintext_message_out_of_place_is_dropped_in_every_state()
    {
        var stray = HandshakeSide.Message(new HelloVerifyRequest(0xFEFF, []), 0);
        foreach (var message in ServerFlight())
        {
            Assert.That(_client.Give(message).Outcome, Is.EqualTo(StepOutcome.Accepted));
            Assert.That(_client.Give(stray).Outcome, Is.EqualTo(StepOutcome.Discarded), $"after {message.Type}");
        }
    }

    private List<HandshakeMessage> ServerFlight()
    {
        _server.GiveAll(_client.TakeFlight());
        return _server.TakeFlight();
    }

    private List<HandshakeMessage> ClientSecondFlight()
    {
        _client.GiveAll(ServerFlight());
        return _client.TakeFlight();
    }

    private HandshakeStep GiveServerHello(Func<ServerHello, ServerHello> change)
    {
        TearDown();
        SetUp();
        Assert.That(ServerHello.TryParse(ServerFlight()[0].Body, out var hello), Is.True);
        return _client.Give(HandshakeSide.Message(change(hello!), 0));
    }

    private HandshakeStep GiveClientHello(Func<ClientHello, ClientHello> change)
    {
        TearDown();
        SetUp();
        Assert.That(ClientHello.TryParse(_client.TakeFlight()[0].Body, out var hello), Is.True);
        return _server.Give(HandshakeSide.Message(change(hello!), 0));
    }

    private static HelloExtensions Without(HelloExtensions extensions, ExtensionType type)
    {
        var changed = new HelloExtensions();
        foreach (var kept in extensions.Types.Where(kept => kept != type))
        {
            extensions.TryGet(kept, out var data);
            changed.Add(kept, data);
        }

        return changed;
    }

    private static HelloExtensions With(HelloExtensions extensions, ExtensionType type, byte[] data)
    {
        var changed = Without(extensions, type);
        changed.Add(type, data);
        return changed;
    }
}
