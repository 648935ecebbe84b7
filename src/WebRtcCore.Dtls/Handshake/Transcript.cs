using System.Security.Cryptography;

namespace WebRtcCore.Dtls.Handshake;

/// <summary>
/// All handshake messages so far, each as if it had been sent in one fragment (RFC 6347 4.2.6). The bytes are kept because the hash is not known until
/// the cipher suite is, and a signature may use another one.
/// </summary>
internal sealed class Transcript
{
    private readonly List<byte[]> _messages = [];

    public void Append(byte[] encodedMessage) => _messages.Add(encodedMessage);

    /// <summary>RFC 6347 4.2.6: a ClientHello without cookie and the HelloVerifyRequest are not part of it.</summary>
    public void Clear() => _messages.Clear();

    public byte[] Hash(HashAlgorithmName algorithm)
    {
        using var hash = IncrementalHash.CreateHash(algorithm);
        foreach (var message in _messages)
        {
            hash.AppendData(message);
        }

        return hash.GetHashAndReset();
    }

    /// <summary>Everything in one array: what CertificateVerify signs.</summary>
    public byte[] ToArray()
    {
        var all = new byte[_messages.Sum(message => message.Length)];
        var at = 0;
        foreach (var message in _messages)
        {
            message.CopyTo(all, at);
            at += message.Length;
        }

        return all;
    }
}
