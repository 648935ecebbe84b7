using System.Buffers.Binary;
using System.Security.Cryptography;
using WebRtcCore.Dtls.Crypto;
using WebRtcCore.Dtls.Messages;
using WebRtcCore.Dtls.Records;

namespace WebRtcCore.Dtls.Handshake;

/// <summary>Everything derived from the master secret of TLS 1.2: record keys, Finished values, exported keying material.</summary>
internal sealed class Dtls12KeySchedule : IDisposable
{
    private const int MasterSecretLength = 48;
    private readonly CipherSuiteInfo _suite;
    private readonly byte[] _masterSecret;
    private readonly byte[] _clientRandom;
    private readonly byte[] _serverRandom;

    public Dtls12KeySchedule(CipherSuiteInfo suite, byte[] masterSecret, byte[] clientRandom, byte[] serverRandom)
    {
        _suite = suite;
        _masterSecret = masterSecret;
        _clientRandom = clientRandom;
        _serverRandom = serverRandom;
    }

    /// <summary>The line of the NSS key log format for this connection.</summary>
    public string KeyLogLine => $"CLIENT_RANDOM {Convert.ToHexStringLower(_clientRandom)} {Convert.ToHexStringLower(_masterSecret)}";

    /// <summary>
    /// RFC 7627 4: the master secret is bound to all messages up to and including ClientKeyExchange. Zeroes <paramref name="premasterSecret"/>.
    /// </summary>
    public static Dtls12KeySchedule Create(CipherSuiteInfo suite, byte[] premasterSecret, byte[] sessionHash, byte[] clientRandom, byte[] serverRandom)
    {
        var masterSecret = new byte[MasterSecretLength];
        Prf.Derive(suite.Hash, premasterSecret, "extended master secret"u8, sessionHash, default, masterSecret);
        CryptographicOperations.ZeroMemory(premasterSecret);
        return new Dtls12KeySchedule(suite, masterSecret, clientRandom, serverRandom);
    }

    /// <summary>The ciphers of epoch 1 (RFC 5246 6.3): client key, server key, client IV, server IV; AEAD suites have no MAC keys.</summary>
    public (RecordCipher Client, RecordCipher Server) CreateRecordCiphers()
    {
        var key = _suite.KeyLength;
        var iv = _suite.FixedIvLength;
        Span<byte> block = stackalloc byte[(key + iv) * 2];
        Prf.Derive(_suite.Hash, _masterSecret, "key expansion"u8, _serverRandom, _clientRandom, block);
        var ivs = block[(key * 2)..];
        var client = new RecordCipher(_suite.CreateAead(block[..key]), ivs[..iv]);
        var server = new RecordCipher(_suite.CreateAead(block.Slice(key, key)), ivs[iv..]);
        CryptographicOperations.ZeroMemory(block);
        return (client, server);
    }

    /// <summary>RFC 5246 7.4.9: what the client's or the server's Finished holds after the given transcript.</summary>
    public byte[] FinishedData(DtlsRole sender, byte[] transcriptHash)
    {
        var data = new byte[Finished.VerifyDataLength];
        Prf.Derive(_suite.Hash, _masterSecret, sender == DtlsRole.Client ? "client finished"u8 : "server finished"u8, transcriptHash, default, data);
        return data;
    }

    /// <summary>RFC 5705 4. No context and an empty context give different results.</summary>
    public void Export(ReadOnlySpan<byte> label, bool hasContext, ReadOnlySpan<byte> context, Span<byte> destination)
    {
        byte[] randoms = [.. _clientRandom, .. _serverRandom];
        byte[] suffix = [];
        if (hasContext)
        {
            suffix = new byte[2 + context.Length];
            BinaryPrimitives.WriteUInt16BigEndian(suffix, (ushort)context.Length);
            context.CopyTo(suffix.AsSpan(2));
        }

        Prf.Derive(_suite.Hash, _masterSecret, label, randoms, suffix, destination);
    }

    /// <inheritdoc/>
    public void Dispose() => CryptographicOperations.ZeroMemory(_masterSecret);
}
