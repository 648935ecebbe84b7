using System.Security.Cryptography;
using WebRtcCore.Dtls;
using WebRtcCore.Srtp;

namespace WebRtcCore.Session;

/// <summary>The SRTP contexts of both directions, keyed from the DTLS handshake (RFC 5764 4.2).</summary>
internal sealed class SecureMedia : IDisposable
{
    private const string ExporterLabel = "EXTRACTOR-dtls_srtp";

    private SecureMedia(SrtpContext outgoing, SrtpContext incoming)
    {
        Outgoing = outgoing;
        Incoming = incoming;
    }

    /// <summary>Protects what this side sends.</summary>
    public SrtpContext Outgoing { get; }

    /// <summary>Checks and decrypts what the peer sends.</summary>
    public SrtpContext Incoming { get; }

    /// <summary>Derives the contexts; <see langword="null"/> if no profile was agreed on, so that media cannot flow.</summary>
    public static SecureMedia? TryCreate(DtlsEndpoint dtls)
    {
        if (GetProfile(dtls) is not { } profile)
        {
            return null;
        }

        var keyLength = profile.GetKeyLength();
        var saltLength = profile.GetSaltLength();
        Span<byte> material = stackalloc byte[2 * (keyLength + saltLength)];
        if (!dtls.TryExportKeyingMaterial(ExporterLabel, material))
        {
            return null;
        }

        // RFC 5764 4.2: client key, server key, client salt, server salt.
        var clientKey = material[..keyLength];
        var serverKey = material.Slice(keyLength, keyLength);
        var clientSalt = material.Slice(2 * keyLength, saltLength);
        var serverSalt = material[((2 * keyLength) + saltLength)..];
        var client = new SrtpContext(profile, clientKey, clientSalt);
        var server = new SrtpContext(profile, serverKey, serverSalt);
        CryptographicOperations.ZeroMemory(material);
        return dtls.Role == Dtls.DtlsRole.Client ? new SecureMedia(client, server) : new SecureMedia(server, client);
    }

    /// <summary>The profile that the handshake has agreed on, if any.</summary>
    public static SrtpProfile? GetProfile(DtlsEndpoint dtls) => dtls.NegotiatedSrtpProfile switch
    {
        SrtpProtectionProfile.Aes128CmHmacSha1_80 => SrtpProfile.Aes128CmHmacSha1_80,
        SrtpProtectionProfile.Aes128CmHmacSha1_32 => SrtpProfile.Aes128CmHmacSha1_32,
        SrtpProtectionProfile.AeadAes128Gcm => SrtpProfile.AeadAes128Gcm,
        SrtpProtectionProfile.AeadAes256Gcm => SrtpProfile.AeadAes256Gcm,
        _ => null,
    };

    public void Dispose()
    {
        Outgoing.Dispose();
        Incoming.Dispose();
    }
}
