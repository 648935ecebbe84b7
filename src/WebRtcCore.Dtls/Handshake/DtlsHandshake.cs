namespace WebRtcCore.Dtls.Handshake;

/// <summary>
/// The handshake of one version in one role, told one complete message at a time, in sequence. It writes its flights into
/// <see cref="HandshakeContext.Flight"/> and its keys into <see cref="HandshakeContext.Records"/>; timers and fragments are not its business.
/// A new version is a new pair of subclasses.
/// </summary>
internal abstract class DtlsHandshake : IDisposable
{
    /// <summary>The version that it speaks.</summary>
    public abstract DtlsVersion Version { get; }

    /// <summary>Whether both sides are authenticated and all keys confirmed.</summary>
    public abstract bool IsComplete { get; }

    /// <summary>Whether the own flight was the last of the handshake, so that a peer which repeats its own has not seen it.</summary>
    public abstract bool SendsLastFlight { get; }

    /// <summary>The cipher suite, once chosen.</summary>
    public abstract Crypto.CipherSuiteInfo? Suite { get; }

    /// <summary>The key exchange group, once chosen.</summary>
    public DtlsGroup? Group { get; protected set; }

    /// <summary>The SRTP profile, once chosen; <see langword="null"/> if there is no common one.</summary>
    public SrtpProtectionProfile? SrtpProfile { get; protected set; }

    /// <summary>The peer's certificate in DER, once its fingerprint was found right.</summary>
    public byte[]? RemoteCertificate { get; protected set; }

    /// <summary>All certificates that the peer has sent, its own first; each in DER.</summary>
    public IReadOnlyList<byte[]> RemoteCertificateChain { get; protected set; } = [];

    /// <summary>Handles the next message in sequence.</summary>
    public abstract HandshakeStep OnMessage(HandshakeMessage message);

    /// <summary>The exporter of RFC 5705; only once <see cref="IsComplete"/>.</summary>
    public abstract void Export(ReadOnlySpan<byte> label, bool hasContext, ReadOnlySpan<byte> context, Span<byte> destination);

    /// <inheritdoc/>
    public abstract void Dispose();
}
