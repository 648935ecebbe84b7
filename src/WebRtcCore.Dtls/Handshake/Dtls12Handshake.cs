using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using WebRtcCore.Dtls.Crypto;
using WebRtcCore.Dtls.Messages;
using WebRtcCore.Dtls.Records;
using WebRtcCore.Primitives;

namespace WebRtcCore.Dtls.Handshake;

/// <summary>What client and server of DTLS 1.2 have in common.</summary>
internal abstract class Dtls12Handshake(HandshakeContext context, DtlsRole role, Dtls12State initialState) : DtlsHandshake
{
    private ushort _nextSequence;
    private X509Certificate2? _remoteCertificate;
    private CipherSuiteInfo? _suite;

    public override DtlsVersion Version => DtlsVersion.Dtls12;

    public override bool IsComplete => State == Dtls12State.Complete;

    public override CipherSuiteInfo? Suite => _suite;

    /// <summary>Written by <see cref="TransitionTo"/> only.</summary>
    protected Dtls12State State { get; private set; } = initialState;

    protected HandshakeContext Context => context;

    protected DtlsOptions Options => context.Options;

    protected Transcript Transcript { get; } = new();

    protected byte[] ClientRandom { get; set; } = [];

    protected byte[] ServerRandom { get; set; } = [];

    protected KeyExchange? KeyExchange { get; set; }

    protected Dtls12KeySchedule? Keys { get; private set; }

    public override void Export(ReadOnlySpan<byte> label, bool hasContext, ReadOnlySpan<byte> exportContext, Span<byte> destination) =>
        Keys!.Export(label, hasContext, exportContext, destination);

    public override void Dispose()
    {
        KeyExchange?.Dispose();
        Keys?.Dispose();
        _remoteCertificate?.Dispose();
    }

    protected void TransitionTo(Dtls12State next)
    {
        State = next;
        Log.HandshakeState(context.Logger, role, next);
    }

    /// <summary>A message was right: it goes into the transcript, and the next one is awaited.</summary>
    protected HandshakeStep Accept(HandshakeMessage message, Dtls12State next)
    {
        Transcript.Append(message.Encoded);
        TransitionTo(next);
        return HandshakeStep.Accept;
    }

    protected void ChooseSuite(CipherSuiteInfo suite) => _suite = suite;

    protected byte[] NewRandom()
    {
        var random = new byte[HelloHead.RandomLength];
        context.Random.Fill(random);
        return random;
    }

    /// <summary>Encodes a message, adds it to the transcript and to the flight.</summary>
    protected void Send<TMessage>(TMessage message, ushort epoch = 0)
        where TMessage : IHandshakeMessage
    {
        var length = message.EncodedLength;
        var encoded = new byte[HandshakeHeader.Length + length];
        var writer = new SpanWriter(encoded);
        var header = new HandshakeHeader(message.Type, length, _nextSequence++, 0, length);
        header.Write(ref writer);
        message.Write(ref writer);
        Transcript.Append(encoded);
        context.Flight.AddMessage(header, encoded, epoch);
    }

    /// <summary>ChangeCipherSpec and Finished: the end of either side's handshake.</summary>
    protected void SendFinished()
    {
        context.Flight.AddChangeCipherSpec();
        Send(new Finished(Keys!.FinishedData(role, Transcript.Hash(_suite!.Hash))), RecordLayer.ProtectedEpoch);
    }

    /// <summary>
    /// Takes the peer's certificate if it can be read, and one of the expected fingerprints is its own (RFC 8122 5.1). Nothing is computed with
    /// the peer's key material before.
    /// </summary>
    protected HandshakeStep OnCertificate(HandshakeMessage message, Dtls12State next)
    {
        if (!CertificateMessage.TryParse(message.Body, out var certificate))
        {
            return HandshakeStep.Discard;
        }

        if (certificate!.Certificates.Count == 0)
        {
            return HandshakeStep.Fail(DtlsErrorKind.CertificateMissing, DtlsAlertDescription.HandshakeFailure);
        }

        var encoded = certificate.Certificates[0];
        if (Options.RemoteFingerprintVerification != RemoteFingerprintVerification.None && !MatchesFingerprint(encoded))
        {
            return HandshakeStep.Fail(DtlsErrorKind.FingerprintMismatch, DtlsAlertDescription.BadCertificate);
        }

        try
        {
            _remoteCertificate = X509CertificateLoader.LoadCertificate(encoded);
        }
        catch (CryptographicException)
        {
            return HandshakeStep.Fail(DtlsErrorKind.BadCertificate, DtlsAlertDescription.BadCertificate);
        }

        RemoteCertificate = encoded;
        RemoteCertificateChain = certificate.Certificates;
        return Accept(message, next);
    }

    /// <summary>What only the handshake needs is let go, the parsed certificate's native handle too.</summary>
    protected void ReleaseHandshakeState()
    {
        Transcript.Clear();
        _remoteCertificate?.Dispose();
        _remoteCertificate = null;
    }

    protected bool VerifySignature(SignatureScheme scheme, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) =>
        _remoteCertificate is not null && Signatures.Verify(_remoteCertificate, scheme, data, signature);

    /// <summary>Agrees on the premaster secret and installs the keys of epoch 1. The transcript must end with ClientKeyExchange.</summary>
    protected bool TryInstallKeys(ReadOnlySpan<byte> peerPublicValue)
    {
        if (!KeyExchange!.TryAgree(peerPublicValue, out var premasterSecret))
        {
            return false;
        }

        Keys = Dtls12KeySchedule.Create(_suite!, premasterSecret, Transcript.Hash(_suite!.Hash), ClientRandom, ServerRandom);
        KeyExchange.Dispose();
        KeyExchange = null;
        var (client, server) = Keys.CreateRecordCiphers();
        if (role == DtlsRole.Client)
        {
            context.Records.InstallKeys(read: server, write: client);
        }
        else
        {
            context.Records.InstallKeys(read: client, write: server);
        }

        Options.KeyLog?.Invoke(Keys.KeyLogLine);
        return true;
    }

    /// <summary>Checks the peer's Finished against the transcript before it.</summary>
    protected HandshakeStep CheckFinished(HandshakeMessage message)
    {
        // A Finished outside the negotiated keys proves nothing and may come from anyone.
        if (message.Epoch != RecordLayer.ProtectedEpoch || !Finished.TryParse(message.Body, out var finished))
        {
            return HandshakeStep.Discard;
        }

        var peer = role == DtlsRole.Client ? DtlsRole.Server : DtlsRole.Client;
        var expected = Keys!.FinishedData(peer, Transcript.Hash(_suite!.Hash));
        return CryptographicOperations.FixedTimeEquals(expected, finished!.VerifyData)
            ? HandshakeStep.Accept
            : HandshakeStep.Fail(DtlsErrorKind.AuthenticationFailed, DtlsAlertDescription.DecryptError);
    }

    /// <summary>
    /// A message that does not belong there: a violation if it came under the negotiated keys; in plaintext anyone may have sent it, and the right one may still come.
    /// </summary>
    protected static HandshakeStep Unexpected(HandshakeMessage message) =>
        message.Epoch == 0 ? HandshakeStep.Discard : Violation(DtlsAlertDescription.UnexpectedMessage);

    protected static HandshakeStep Violation(DtlsAlertDescription alert) => HandshakeStep.Fail(DtlsErrorKind.ProtocolViolation, alert);

    private bool MatchesFingerprint(byte[] certificate)
    {
        var matches = false;
        foreach (var fingerprint in Options.RemoteFingerprints)
        {
            matches |= fingerprint.Matches(certificate);
        }

        return matches;
    }
}
