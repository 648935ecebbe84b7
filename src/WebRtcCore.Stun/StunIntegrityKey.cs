using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace WebRtcCore.Stun;

/// <summary>
/// The key of MESSAGE-INTEGRITY and MESSAGE-INTEGRITY-SHA256. Made once per credential and reused: computing allocates nothing.
/// Not thread-safe. <see cref="Dispose"/> zeroes the key.
/// </summary>
public sealed class StunIntegrityKey : IDisposable
{
    private readonly byte[] _key;
    private IncrementalHash? _sha1;
    private IncrementalHash? _sha256;
    private bool _isDisposed;

    /// <summary>Creates a key from its bytes, which are copied.</summary>
    public StunIntegrityKey(ReadOnlySpan<byte> key) => _key = key.ToArray();

    /// <summary>
    /// The key of a short-term credential, as in ICE: the password itself (RFC 8489, 9.1.1). No string preparation is applied: ICE passwords are ASCII.
    /// </summary>
    public static StunIntegrityKey FromPassword(string password)
    {
        ArgumentNullException.ThrowIfNull(password);
        var bytes = Encoding.UTF8.GetBytes(password);
        try
        {
            return new StunIntegrityKey(bytes);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>The key of a long-term credential: the hash of <c>user name:realm:password</c> (RFC 8489, 9.2.2 and 18.5).</summary>
    /// <param name="username">The user name, prepared as OpaqueString by the caller if it is not ASCII.</param>
    /// <param name="realm">The realm, without quotes.</param>
    /// <param name="password">The password, prepared likewise.</param>
    /// <param name="algorithm">The password algorithm.</param>
    public static StunIntegrityKey FromLongTermCredential(string username, string realm, string password, StunPasswordAlgorithm algorithm = StunPasswordAlgorithm.Md5)
    {
        ArgumentNullException.ThrowIfNull(username);
        ArgumentNullException.ThrowIfNull(realm);
        ArgumentNullException.ThrowIfNull(password);
        var bytes = Encoding.UTF8.GetBytes($"{username}:{realm}:{password}");
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        try
        {
            var length = algorithm == StunPasswordAlgorithm.Sha256 ? SHA256.HashData(bytes, hash) : MD5.HashData(bytes, hash);
            return new StunIntegrityKey(hash[..length]);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
            CryptographicOperations.ZeroMemory(hash);
        }
    }

    /// <summary>The value of USERHASH: SHA-256 of <c>user name:realm</c>, 32 bytes (RFC 8489, 14.4).</summary>
    public static void ComputeUserHash(string username, string realm, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(username);
        ArgumentNullException.ThrowIfNull(realm);
        SHA256.HashData(Encoding.UTF8.GetBytes($"{username}:{realm}"), destination);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isDisposed = true;
        CryptographicOperations.ZeroMemory(_key);
        _sha1?.Dispose();
        _sha256?.Dispose();
        _sha1 = null;
        _sha256 = null;
    }

    /// <summary>HMAC-SHA1 (20 bytes) of the message up to the attribute, with the header's length counting the attribute in.</summary>
    internal void ComputeSha1(ReadOnlySpan<byte> messageBefore, Span<byte> destination)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        Compute(_sha1 ??= IncrementalHash.CreateHMAC(HashAlgorithmName.SHA1, _key), messageBefore, StunFormat.Sha1Length, destination);
    }

    /// <summary>HMAC-SHA256 (32 bytes) likewise; <paramref name="attributeLength"/> is that of the possibly truncated value.</summary>
    internal void ComputeSha256(ReadOnlySpan<byte> messageBefore, int attributeLength, Span<byte> destination)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        Compute(_sha256 ??= IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key), messageBefore, attributeLength, destination);
    }

    // RFC 8489 14.5: the header's length is the one up to and including this attribute, whatever follows it.
    private static void Compute(IncrementalHash hmac, ReadOnlySpan<byte> messageBefore, int attributeLength, Span<byte> destination)
    {
        Span<byte> header = stackalloc byte[StunFormat.HeaderLength];
        messageBefore[..StunFormat.HeaderLength].CopyTo(header);
        var length = messageBefore.Length - StunFormat.HeaderLength + StunFormat.AttributeHeaderLength + attributeLength;
        BinaryPrimitives.WriteUInt16BigEndian(header[StunFormat.LengthOffset..], (ushort)length);
        hmac.AppendData(header);
        hmac.AppendData(messageBefore[StunFormat.HeaderLength..]);
        hmac.GetHashAndReset(destination);
    }
}
