using WebRtcCore.Primitives.Cryptography;

namespace WebRtcCore.Srtp.Ciphers;

/// <summary>
/// Encrypts and authenticates packets of one direction under fixed session keys, in place and stateless: the caller brings the
/// packet index and keeps the replay windows.
/// </summary>
internal abstract class PacketTransform : IDisposable
{
    /// <summary>The first bit of the SRTCP index word: whether the packet is encrypted (RFC 3711, 3.4).</summary>
    public const uint RtcpEncryptedBit = 0x8000_0000;

    /// <summary>The part of an RTCP packet that is never encrypted: first header and sender's SSRC.</summary>
    public const int RtcpHeaderLength = 8;

    public static PacketTransform Create(SrtpProfile profile, SrtpSessionKeys keys, CipherChoice choice) => profile switch
    {
        SrtpProfile.AeadAes128Gcm or SrtpProfile.AeadAes256Gcm => new AeadGcmTransform(keys, choice),
        _ => new CounterModeHmacTransform(keys, profile.GetRtpOverhead(), choice),
    };

    /// <summary>Protects <c>packet[..length]</c>; the tag follows it.</summary>
    /// <param name="packet">The packet with room for the tag.</param>
    /// <param name="headerLength">Bytes that stay readable.</param>
    /// <param name="length">The packet's length.</param>
    /// <param name="ssrc">The stream.</param>
    /// <param name="index">The 48-bit packet index: rollover counter and sequence number.</param>
    public abstract void ProtectRtp(Span<byte> packet, int headerLength, int length, uint ssrc, ulong index);

    /// <summary>Checks and decrypts an SRTP packet that is long enough for header and tag. On failure the content is undefined.</summary>
    public abstract bool TryUnprotectRtp(Span<byte> packet, int headerLength, uint ssrc, ulong index);

    /// <summary>Protects <c>packet[..length]</c>; index word and tag follow it.</summary>
    public abstract void ProtectRtcp(Span<byte> packet, int length, uint ssrc, uint index);

    /// <summary>The index word, with the encrypted bit, of an SRTCP packet that is long enough to have one.</summary>
    public abstract uint ReadRtcpIndexWord(ReadOnlySpan<byte> packet);

    /// <summary>Checks and decrypts an SRTCP packet that is long enough for header, index word and tag.</summary>
    public abstract bool TryUnprotectRtcp(Span<byte> packet, uint ssrc, uint indexWord);

    public abstract void Dispose();
}
