using System.Net;
using System.Net.Sockets;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using Org.BouncyCastle.Tls.Crypto.Impl.BC;
using TlsCertificate = Org.BouncyCastle.Tls.Certificate;

namespace WebRtcCore.Interop.Tests.Dtls;

/// <summary>BouncyCastle's DTLS 1.2, in either role, on a thread of its own because it blocks. Echoes what it receives, in upper case.</summary>
internal sealed class BouncyCastlePeer : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly BcTlsCrypto _crypto = new(new SecureRandom());
    private readonly PeerCertificate _certificate;
    private readonly int _suite;
    private readonly Thread _thread;
    private volatile bool _stopped;

    public BouncyCastlePeer(bool isServer, PeerCertificate certificate, int suite, int? remotePort = null)
    {
        _certificate = certificate;
        _suite = suite;
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        if (remotePort is { } port)
        {
            _socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
        }

        _thread = new Thread(() => Run(isServer)) { IsBackground = true, Name = "BouncyCastle" };
        _thread.Start();
    }

    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    public byte[]? KeyingMaterial { get; private set; }

    public Exception? Failure { get; private set; }

    public void Dispose()
    {
        _stopped = true;
        _socket.Dispose();
        _thread.Join(TimeSpan.FromSeconds(5));
    }

    private void Run(bool isServer)
    {
        try
        {
            var datagrams = new Datagrams(_socket);
            var transport = isServer
                ? new DtlsServerProtocol().Accept(new Server(this), datagrams)
                : new DtlsClientProtocol().Connect(new Client(this), datagrams);
            var buffer = new byte[2048];
            while (!_stopped)
            {
                var length = transport.Receive(buffer, 0, buffer.Length, 100);
                if (length > 0)
                {
                    for (var i = 0; i < length; i++)
                    {
                        buffer[i] = (byte)char.ToUpperInvariant((char)buffer[i]);
                    }

                    transport.Send(buffer, 0, length);
                }
            }
        }
#pragma warning disable CA1031 // Whatever ends the peer is shown by the test that waits for it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Failure = e;
        }
    }

    private BcDefaultTlsCredentialedSigner Credentials(TlsContext context)
    {
        var key = PrivateKeyFactory.CreateKey(_certificate.PrivateKey);
        var chain = new TlsCertificate([new BcTlsCertificate(_crypto, _certificate.Encoded)]);
        var algorithm = new SignatureAndHashAlgorithm(HashAlgorithm.sha256, key is RsaKeyParameters ? SignatureAlgorithm.rsa : SignatureAlgorithm.ecdsa);
        return new BcDefaultTlsCredentialedSigner(new TlsCryptoParameters(context), _crypto, key, chain, algorithm);
    }

    private static UseSrtpData Srtp(params int[] profiles) => new(profiles, []);

    private sealed class Client(BouncyCastlePeer peer) : DefaultTlsClient(peer._crypto)
    {
        public override IDictionary<int, byte[]> GetClientExtensions()
        {
            var extensions = base.GetClientExtensions();
            TlsSrtpUtilities.AddUseSrtpExtension(extensions, Srtp(SrtpProtectionProfile.SRTP_AEAD_AES_128_GCM, SrtpProtectionProfile.SRTP_AES128_CM_HMAC_SHA1_80));
            return extensions;
        }

        public override TlsAuthentication GetAuthentication() => new Authentication(peer, m_context);

        public override void NotifyHandshakeComplete()
        {
            base.NotifyHandshakeComplete();
            peer.KeyingMaterial = m_context.ExportKeyingMaterial("EXTRACTOR-dtls_srtp", null, 60);
        }

        protected override ProtocolVersion[] GetSupportedVersions() => ProtocolVersion.DTLSv12.Only();

        protected override int[] GetSupportedCipherSuites() => [peer._suite];
    }

    private sealed class Authentication(BouncyCastlePeer peer, TlsContext context) : TlsAuthentication
    {
        public void NotifyServerCertificate(TlsServerCertificate serverCertificate)
        {
        }

        public TlsCredentials GetClientCredentials(CertificateRequest certificateRequest) => peer.Credentials(context);
    }

    private sealed class Server(BouncyCastlePeer peer) : DefaultTlsServer(peer._crypto)
    {
        public override CertificateRequest GetCertificateRequest() => new(
            [ClientCertificateType.ecdsa_sign],
            [new SignatureAndHashAlgorithm(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa)],
            null);

        public override void NotifyClientCertificate(TlsCertificate clientCertificate)
        {
            if (clientCertificate.IsEmpty)
            {
                throw new TlsFatalAlert(AlertDescription.bad_certificate);
            }
        }

        public override IDictionary<int, byte[]> GetServerExtensions()
        {
            var extensions = base.GetServerExtensions();
            TlsSrtpUtilities.AddUseSrtpExtension(extensions, Srtp(SrtpProtectionProfile.SRTP_AEAD_AES_128_GCM));
            return extensions;
        }

        public override void NotifyHandshakeComplete()
        {
            base.NotifyHandshakeComplete();
            peer.KeyingMaterial = m_context.ExportKeyingMaterial("EXTRACTOR-dtls_srtp", null, 60);
        }

        protected override ProtocolVersion[] GetSupportedVersions() => ProtocolVersion.DTLSv12.Only();

        protected override int[] GetSupportedCipherSuites() => [peer._suite];

        protected override TlsCredentialedSigner GetECDsaSignerCredentials() => peer.Credentials(m_context);

        protected override TlsCredentialedSigner GetRsaSignerCredentials() => peer.Credentials(m_context);
    }

    private sealed class Datagrams(Socket socket) : DatagramTransport
    {
        private EndPoint? _remote = socket.Connected ? socket.RemoteEndPoint : null;

        public int GetReceiveLimit() => 1500;

        public int GetSendLimit() => 1200;

        public int Receive(byte[] buf, int off, int len, int waitMillis)
        {
            EndPoint from = new IPEndPoint(IPAddress.Loopback, 0);
            if (!socket.Poll(TimeSpan.FromMilliseconds(waitMillis), SelectMode.SelectRead))
            {
                return -1;
            }

            var length = socket.ReceiveFrom(buf, off, len, SocketFlags.None, ref from);
            _remote ??= from;
            return length;
        }

        public int Receive(Span<byte> buffer, int waitMillis)
        {
            var bytes = new byte[buffer.Length];
            var length = Receive(bytes, 0, bytes.Length, waitMillis);
            bytes.AsSpan(0, Math.Max(0, length)).CopyTo(buffer);
            return length;
        }

        public void Send(byte[] buf, int off, int len) => Send(buf.AsSpan(off, len));

        public void Send(ReadOnlySpan<byte> buffer) => socket.SendTo(buffer, SocketFlags.None, _remote!);

        public void Close()
        {
        }
    }
}
