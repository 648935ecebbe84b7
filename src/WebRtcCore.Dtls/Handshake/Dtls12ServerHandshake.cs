using WebRtcCore.Dtls.Crypto;
using WebRtcCore.Dtls.Messages;
using WebRtcCore.Dtls.Records;

namespace WebRtcCore.Dtls.Handshake;

// ClientHello -------->                             ExpectClientHello
//             <-------- ServerHello
//                       Certificate
//                       ServerKeyExchange
//                       CertificateRequest
//                       ServerHelloDone
// Certificate                                       ExpectCertificate
// ClientKeyExchange                                 ExpectClientKeyExchange
// CertificateVerify                                 ExpectCertificateVerify
// ChangeCipherSpec, Finished ------>                ExpectFinished, then Complete
//             <-------- ChangeCipherSpec, Finished

/// <summary>
/// The server's side of a full DTLS 1.2 handshake (RFC 5246 7.3, RFC 6347 4.2.4). It always asks for the client's certificate (RFC 8827 6.5) and
/// never for a cookie: it only hears from paths that ICE has proven.
/// </summary>
internal sealed class Dtls12ServerHandshake(HandshakeContext context) : Dtls12Handshake(context, DtlsRole.Server, Dtls12State.ExpectClientHello)
{
    private static readonly byte[] CertificateTypes = [CertificateRequestMessage.EcdsaSign, CertificateRequestMessage.RsaSign];

    public override bool SendsLastFlight => true;

    public override HandshakeStep OnMessage(HandshakeMessage message)
    {
        switch (State, message.Type)
        {
            case (Dtls12State.ExpectClientHello, HandshakeType.ClientHello):
                return OnClientHello(message);
            case (Dtls12State.ExpectCertificate, HandshakeType.Certificate):
                return OnCertificate(message, Dtls12State.ExpectClientKeyExchange);
            case (Dtls12State.ExpectCertificate, HandshakeType.ClientKeyExchange):
                return HandshakeStep.Fail(DtlsErrorKind.CertificateMissing, DtlsAlertDescription.HandshakeFailure);
            case (Dtls12State.ExpectClientKeyExchange, HandshakeType.ClientKeyExchange):
                return OnClientKeyExchange(message);
            case (Dtls12State.ExpectCertificateVerify, HandshakeType.CertificateVerify):
                return OnCertificateVerify(message);
            case (Dtls12State.ExpectFinished, HandshakeType.Finished):
                return OnFinished(message);
            default:
                return Unexpected(message);
        }
    }

    private HandshakeStep OnClientHello(HandshakeMessage message)
    {
        if (!ClientHello.TryParse(message.Body, out var hello))
        {
            return HandshakeStep.Discard;
        }

        if (!hello!.CompressionMethods.Contains((byte)0) || !HelloExtensionRules.IsRenegotiationInfoAcceptable(hello.Extensions))
        {
            return HandshakeStep.Refuse(DtlsErrorKind.ProtocolViolation, DtlsAlertDescription.HandshakeFailure);
        }

        if (!HelloExtensionRules.HasExtendedMasterSecret(hello.Extensions)
            || !TryChooseSignature(hello, out var scheme)
            || ChooseSuite(hello) is not { } suite
            || ChooseGroup(hello) is not { } group)
        {
            return HandshakeStep.Refuse(DtlsErrorKind.NoCommonParameters, DtlsAlertDescription.HandshakeFailure);
        }

        ChooseSuite(suite);
        Group = group;
        SrtpProfile = HelloExtensionRules.ChooseSrtpProfile(hello.Extensions, Options.SrtpProfiles);
        ClientRandom = hello.Random;
        ServerRandom = NewRandom();
        KeyExchange = KeyExchange.Create(group, Context.Random);
        Transcript.Append(message.Encoded);
        SendServerFlight(hello, scheme);
        TransitionTo(Dtls12State.ExpectCertificate);
        return HandshakeStep.AcceptAndSend;
    }

    private void SendServerFlight(ClientHello hello, SignatureScheme scheme)
    {
        Context.Flight.Clear();
        Send(new ServerHello
        {
            Version = RecordHeader.Dtls12,
            Random = ServerRandom,
            CipherSuite = (ushort)Suite!.Suite,
            Extensions = HelloExtensionRules.Answer(hello, SrtpProfile),
        });
        Send(new CertificateMessage([Options.Certificate.Encoded.ToArray()]));
        var publicValue = KeyExchange!.PublicValue.ToArray();
        var signed = ServerKeyExchange.SignedData(ClientRandom, ServerRandom, (ushort)Group!, publicValue);
        Send(new ServerKeyExchange((ushort)Group, publicValue, scheme, Signatures.Sign(Options.Certificate, scheme, signed)));
        Send(new CertificateRequestMessage(CertificateTypes, Signatures.Supported.ToArray()));
        Send(new ServerHelloDone());
    }

    private HandshakeStep OnClientKeyExchange(HandshakeMessage message)
    {
        if (!ClientKeyExchange.TryParse(message.Body, out var exchange))
        {
            return HandshakeStep.Discard;
        }

        Transcript.Append(message.Encoded);
        if (!TryInstallKeys(exchange!.PublicValue))
        {
            return Violation(DtlsAlertDescription.IllegalParameter);
        }

        TransitionTo(Dtls12State.ExpectCertificateVerify);
        return HandshakeStep.Accept;
    }

    private HandshakeStep OnCertificateVerify(HandshakeMessage message)
    {
        if (!CertificateVerify.TryParse(message.Body, out var verify))
        {
            return HandshakeStep.Discard;
        }

        return VerifySignature(verify!.Scheme, Transcript.ToArray(), verify.Signature)
            ? Accept(message, Dtls12State.ExpectFinished)
            : HandshakeStep.Fail(DtlsErrorKind.AuthenticationFailed, DtlsAlertDescription.DecryptError);
    }

    private HandshakeStep OnFinished(HandshakeMessage message)
    {
        var step = CheckFinished(message);
        if (step.Outcome != StepOutcome.Accepted)
        {
            return step;
        }

        Transcript.Append(message.Encoded);
        Context.Flight.Clear();
        SendFinished();
        ReleaseHandshakeState();
        TransitionTo(Dtls12State.Complete);
        return HandshakeStep.AcceptAndSend;
    }

    private bool TryChooseSignature(ClientHello hello, out SignatureScheme scheme)
    {
        // RFC 5246 7.4.1.4.1: without the extension the client means SHA-1, which is not accepted (RFC 9155).
        scheme = default;
        return hello.Extensions.TryGetUInt16List(ExtensionType.SignatureAlgorithms, out var offered)
            && Signatures.TryChoose(Array.ConvertAll(offered, value => (SignatureScheme)value), Options.Certificate.IsRsa, out scheme);
    }

    private CipherSuiteInfo? ChooseSuite(ClientHello hello)
    {
        foreach (var suite in Options.CipherSuites)
        {
            if (CipherSuiteInfo.Find(suite) is { IsSupported: true } info && info.IsRsa == Options.Certificate.IsRsa && hello.CipherSuites.Contains((ushort)suite))
            {
                return info;
            }
        }

        return null;
    }

    private DtlsGroup? ChooseGroup(ClientHello hello)
    {
        if (!hello.Extensions.TryGetUInt16List(ExtensionType.SupportedGroups, out var offered))
        {
            // RFC 8422 4: a client that says nothing accepts any group; everyone has P-256.
            offered = [(ushort)DtlsGroup.Secp256r1];
        }

        foreach (var group in Options.Groups)
        {
            if (offered.Contains((ushort)group))
            {
                return group;
            }
        }

        return null;
    }
}
