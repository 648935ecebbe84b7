using System.Buffers.Binary;
using System.Security.Cryptography;
using WebRtcCore.Primitives;

namespace WebRtcCore.Stun;

/// <summary>
/// Makes and checks nonces without remembering any: the front that tells the features, when it was made, and a MAC over that and the client's address, so that
/// a nonce is of use to no other client (RFC 8656, 5).
/// </summary>
internal sealed class TurnNonces : IDisposable
{
    /// <summary>The length of a nonce, in bytes.</summary>
    public const int Length = StunNonceCookie.Length + TimeLength + MacLength;

    private const int TimeLength = 16;
    private const int MacLength = 32;
    private const int KeyLength = 32;
    private const int AddressRoom = 16 + sizeof(ushort);
    private const StunSecurityFeatures Features = StunSecurityFeatures.PasswordAlgorithms;
    private readonly byte[] _key = new byte[KeyLength];
    private readonly TimeSpan _lifetime;

    public TurnNonces(IRandomSource random, TimeSpan lifetime)
    {
        random.Fill(_key);
        _lifetime = lifetime;
    }

    /// <summary>Writes a nonce for a client.</summary>
    /// <param name="destination"><see cref="Length"/> bytes.</param>
    /// <param name="client">The client's address.</param>
    /// <param name="now">The present.</param>
    public void Write(Span<byte> destination, TransportAddress client, Instant now)
    {
        StunNonceCookie.Write(destination, Features);
        Span<byte> time = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(time, now.Ticks);
        Convert.TryToHexStringLower(time, destination.Slice(StunNonceCookie.Length, TimeLength), out _);
        WriteMac(time, client, destination[(StunNonceCookie.Length + TimeLength)..]);
    }

    /// <summary>Whether a nonce was made here for this client, and not too long ago.</summary>
    public bool IsValid(ReadOnlySpan<byte> nonce, TransportAddress client, Instant now)
    {
        Span<byte> time = stackalloc byte[sizeof(long)];
        Span<byte> expected = stackalloc byte[MacLength];
        if (nonce.Length != Length
            || Convert.FromHexString(nonce.Slice(StunNonceCookie.Length, TimeLength), time, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            return false;
        }

        WriteMac(time, client, expected);
        var madeAt = new Instant(BinaryPrimitives.ReadInt64BigEndian(time));
        return CryptographicOperations.FixedTimeEquals(expected, nonce[(StunNonceCookie.Length + TimeLength)..]) && now - madeAt <= _lifetime;
    }

    /// <inheritdoc/>
    public void Dispose() => CryptographicOperations.ZeroMemory(_key);

    private void WriteMac(ReadOnlySpan<byte> time, TransportAddress client, Span<byte> destination)
    {
        Span<byte> input = stackalloc byte[sizeof(long) + AddressRoom];
        input.Clear();
        time.CopyTo(input);
        client.WriteAddressBytes(input[sizeof(long)..]);
        BinaryPrimitives.WriteUInt16BigEndian(input[^sizeof(ushort)..], (ushort)client.Port);
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, input, mac);
        Convert.TryToHexStringLower(mac[..(MacLength / 2)], destination, out _);
    }
}
