using WebRtcCore.Dtls.Crypto;
using WebRtcCore.Dtls.Messages;
using WebRtcCore.Dtls.Records;

namespace WebRtcCore.Dtls.Handshake;

// ClientHello -------->
//             <-------- [HelloVerifyRequest]        ExpectServerHello; then again, with the cookie
// [ClientHello] ------>
//             <-------- ServerHello                 ExpectServerHello
//                       Certificate                 ExpectCertificate
//                       ServerKeyExchange           ExpectServerKeyExchange
//                       [CertificateRequest]        ExpectCertificateRequest
//                       ServerHelloDone             ExpectServerHelloDone
// [Certificate]
// ClientKeyExchange
// [CertificateVerify]
// ChangeCipherSpec, Finished ------>
//             <-------- ChangeCipherSpec, Finished  ExpectFinished, then Complete

/// <summary>The client's side of a full DTLS 1.2 handshake (RFC 5246 7.3, RFC 6347 4.2.4).</summary>
internal sealed class Dtls12ClientHandshake : Dtls12Handshake
{
    // A server may rotate its secret between our two hellos; it has no reason to do so again and again.
    private const int MaxCookies = 3;
    private readonly ClientHello _clientHello;
    private int _cookies;
    private ServerKeyExchange? _serverKeyExchange;
    private CertificateRequestMessage? _certificateRequest;

    /// <summary>Writes the ClientHello into the flight.</summary>
    public Dtls12ClientHandshake(HandshakeContext context)
        : base(context, DtlsRole.Client, Dtls12State.ExpectServerHello)
    {
        ClientRandom = NewRandom();
        _clientHello = new ClientHello
        {
            Version = RecordHeader.Dtls12,
            Random = ClientRandom,
            CipherSuites = [.. Options.CipherSuites.Where(suite => CipherSuiteInfo.Find(suite) is { IsSupported: true }).Select(suite => (ushort)suite)],
            Extensions = HelloExtensionRules.Offer(Options),
        };
        context.Records.PlaintextVersion = RecordHeader.Dtls10;
        context.Flight.Clear();
        Send(_clientHello);
    }

    public override bool SendsLastFlight => false;

    public override HandshakeStep OnMessage(HandshakeMessage message)
    {
        switch (State, message.Type)
        {
            case (Dtls12State.ExpectServerHello, HandshakeType.HelloVerifyRequest):
                return OnHelloVerifyRequest(message);
            case (Dtls12State.ExpectServerHello, HandshakeType.ServerHello):
                return OnServerHello(message);
            case (Dtls12State.ExpectCertificate, HandshakeType.Certificate):
                return OnCertificate(message, Dtls12State.ExpectServerKeyExchange);
            case (Dtls12State.ExpectServerKeyExchange, HandshakeType.ServerKeyExchange):
                return OnServerKeyExchange(message);
            case (Dtls12State.ExpectCertificateRequest, HandshakeType.CertificateRequest):
                return OnCertificateRequest(message);
            case (Dtls12State.ExpectCertificateRequest or Dtls12State.ExpectServerHelloDone, HandshakeType.ServerHelloDone):
                return OnServerHelloDone(message);
            case (Dtls12State.ExpectFinished, HandshakeType.Finished):
                return OnFinished(message);
            default:
                return Unexpected(message);
        }
    }

    // RFC 6347 4.2.1: repeat the ClientHello with the cookie and everything else unchanged; neither is part of the transcript.
    private HandshakeStep OnHelloVerifyRequest(HandshakeMessage message)
    {
        if (!HelloVerifyRequest.TryParse(message.Body, out var request) || _cookies == MaxCookies)
        {
            return HandshakeStep.Discard;
        }

        _cookies++;
        Transcript.Clear();
        Context.Flight.Clear();
        Send(_clientHello with { Cookie = request!.Cookie });
        return HandshakeStep.AcceptAndSend;
    }

    private HandshakeStep OnServerHello(HandshakeMessage message)
    {
        if (!ServerHello.TryParse(message.Body, out var hello))
        {
            return HandshakeStep.Discard;
        }

        if (hello!.Version != RecordHeader.Dtls12)
        {
            return HandshakeStep.Fail(DtlsErrorKind.ProtocolVersion, DtlsAlertDescription.ProtocolVersion);
        }

        if (!_clientHello.CipherSuites.Contains(hello.CipherSuite)
            || CipherSuiteInfo.Find((DtlsCipherSuite)hello.CipherSuite) is not { } suite
            || hello.CompressionMethod != 0)
        {
            return Violation(DtlsAlertDescription.IllegalParameter);
        }

        if (hello.Extensions.Types.Any(type => !_clientHello.Extensions.Contains(type)))
        {
            return Violation(DtlsAlertDescription.UnsupportedExtension);
        }

        // RFC 7627 5.2: without it the keys are not bound to this handshake, so it is not optional here (RFC 8827 6.5 by way of RFC 9325 3.5).
        if (!HelloExtensionRules.HasExtendedMasterSecret(hello.Extensions))
        {
            return HandshakeStep.Fail(DtlsErrorKind.NoCommonParameters, DtlsAlertDescription.HandshakeFailure);
        }

        if (!HelloExtensionRules.IsRenegotiationInfoAcceptable(hello.Extensions))
        {
            return Violation(DtlsAlertDescription.HandshakeFailure);
        }

        if (!HelloExtensionRules.TryReadSrtpAnswer(hello.Extensions, Options.SrtpProfiles, out var profile)
            || DowngradeSentinel.IsViolated(_clientHello.Extensions.Contains(ExtensionType.SupportedVersions), hello.Random))
        {
            return Violation(DtlsAlertDescription.IllegalParameter);
        }

        ChooseSuite(suite);
        SrtpProfile = profile;
        ServerRandom = hello.Random;
        Context.Records.PlaintextVersion = RecordHeader.Dtls12;
        return Accept(message, Dtls12State.ExpectCertificate);
    }

    private HandshakeStep OnServerKeyExchange(HandshakeMessage message)
    {
        if (!ServerKeyExchange.TryParse(message.Body, out var exchange))
        {
            return HandshakeStep.Discard;
        }

        if (!Options.Groups.Contains((DtlsGroup)exchange!.Group) || Signatures.IsRsa(exchange.Scheme) != Suite!.IsRsa)
        {
            return Violation(DtlsAlertDescription.IllegalParameter);
        }

        var signed = ServerKeyExchange.SignedData(ClientRandom, ServerRandom, exchange.Group, exchange.PublicValue);
        if (!VerifySignature(exchange.Scheme, signed, exchange.Signature))
        {
            return HandshakeStep.Fail(DtlsErrorKind.AuthenticationFailed, DtlsAlertDescription.DecryptError);
        }

        Group = (DtlsGroup)exchange.Group;
        _serverKeyExchange = exchange;
        return Accept(message, Dtls12State.ExpectCertificateRequest);
    }

    private HandshakeStep OnCertificateRequest(HandshakeMessage message)
    {
        if (!CertificateRequestMessage.TryParse(message.Body, out _certificateRequest))
        {
            return HandshakeStep.Discard;
        }

        return Accept(message, Dtls12State.ExpectServerHelloDone);
    }

    private HandshakeStep OnServerHelloDone(HandshakeMessage message)
    {
        if (!ServerHelloDone.TryParse(message.Body, out _))
        {
            return HandshakeStep.Discard;
        }

        var scheme = default(SignatureScheme);
        if (_certificateRequest is not null && !Signatures.TryChoose(_certificateRequest.Schemes, Options.Certificate.IsRsa, out scheme))
        {
            return HandshakeStep.Fail(DtlsErrorKind.NoCommonParameters, DtlsAlertDescription.HandshakeFailure);
        }

        Transcript.Append(message.Encoded);
        Context.Flight.Clear();
        if (_certificateRequest is not null)
        {
            Send(new CertificateMessage([Options.Certificate.Encoded.ToArray()]));
        }

        KeyExchange = KeyExchange.Create((DtlsGroup)_serverKeyExchange!.Group, Context.Random);
        Send(new ClientKeyExchange(KeyExchange.PublicValue.ToArray()));
        if (!TryInstallKeys(_serverKeyExchange.PublicValue))
        {
            return Violation(DtlsAlertDescription.IllegalParameter);
        }

        if (_certificateRequest is not null)
        {
            Send(new CertificateVerify(scheme, Signatures.Sign(Options.Certificate, scheme, Transcript.ToArray())));
        }

        SendFinished();
        TransitionTo(Dtls12State.ExpectFinished);
        return HandshakeStep.AcceptAndSend;
    }

    private HandshakeStep OnFinished(HandshakeMessage message)
    {
        var step = CheckFinished(message);
        if (step.Outcome == StepOutcome.Accepted)
        {
            ReleaseHandshakeState();
            TransitionTo(Dtls12State.Complete);
        }

        return step;
    }
}
