using System.Buffers.Binary;
using WebRtcCore.Primitives.Cryptography;

namespace WebRtcCore.Srtp.Ciphers;

/// <summary>AEAD_AES_128_GCM and AEAD_AES_256_GCM (RFC 7714).</summary>
internal sealed class AeadGcmTransform : PacketTransform
{
    private const int IndexLength = SrtpProfileExtensions.RtcpIndexLength;
    private const int TagLength = Aead.TagLength;

    private readonly Aead _rtp;
    private readonly Aead _rtcp;
    private readonly SrtpSessionKeys _keys;

    /// <summary>Takes over <paramref name="keys"/>.</summary>
    public AeadGcmTransform(SrtpSessionKeys keys, CipherChoice choice)
    {
        _keys = keys;
        _rtp = AesGcmPacketCipher.Create(keys.RtpKey, choice);
        _rtcp = AesGcmPacketCipher.Create(keys.RtcpKey, choice);
    }

    public override void ProtectRtp(Span<byte> packet, int headerLength, int length, uint ssrc, ulong index)
    {
        Span<byte> nonce = stackalloc byte[Aead.NonceLength];
        WriteRtpNonce(nonce, ssrc, index);
        _rtp.Seal(nonce, packet[headerLength..length], packet.Slice(length, TagLength), packet[..headerLength]);
    }

    public override bool TryUnprotectRtp(Span<byte> packet, int headerLength, uint ssrc, ulong index)
    {
        Span<byte> nonce = stackalloc byte[Aead.NonceLength];
        WriteRtpNonce(nonce, ssrc, index);
        return _rtp.TryOpen(nonce, packet[headerLength..^TagLength], packet[^TagLength..], packet[..headerLength]);
    }

    // RFC 7714 9: header and SSRC in the clear, then ciphertext, tag and index word. What is authenticated besides the ciphertext is
    // the clear header followed by the index word (9.2).
    public override void ProtectRtcp(Span<byte> packet, int length, uint ssrc, uint index)
    {
        var indexWord = index | RtcpEncryptedBit;
        Span<byte> nonce = stackalloc byte[Aead.NonceLength];
        WriteRtcpNonce(nonce, ssrc, index);
        Span<byte> associated = stackalloc byte[RtcpHeaderLength + IndexLength];
        packet[..RtcpHeaderLength].CopyTo(associated);
        BinaryPrimitives.WriteUInt32BigEndian(associated[RtcpHeaderLength..], indexWord);
        _rtcp.Seal(nonce, packet[RtcpHeaderLength..length], packet.Slice(length, TagLength), associated);
        BinaryPrimitives.WriteUInt32BigEndian(packet[(length + TagLength)..], indexWord);
    }

    public override uint ReadRtcpIndexWord(ReadOnlySpan<byte> packet) => BinaryPrimitives.ReadUInt32BigEndian(packet[^IndexLength..]);

    public override bool TryUnprotectRtcp(Span<byte> packet, uint ssrc, uint indexWord)
    {
        Span<byte> nonce = stackalloc byte[Aead.NonceLength];
        WriteRtcpNonce(nonce, ssrc, indexWord & ~RtcpEncryptedBit);
        var length = packet.Length - TagLength - IndexLength;
        var tag = packet.Slice(length, TagLength);
        if ((indexWord & RtcpEncryptedBit) != 0)
        {
            Span<byte> associated = stackalloc byte[RtcpHeaderLength + IndexLength];
            packet[..RtcpHeaderLength].CopyTo(associated);
            BinaryPrimitives.WriteUInt32BigEndian(associated[RtcpHeaderLength..], indexWord);
            return _rtcp.TryOpen(nonce, packet[RtcpHeaderLength..length], tag, associated);
        }

        // RFC 7714 9.3: an unencrypted packet is authenticated as a whole: the tag, which lies between packet and index word, swaps
        // places with the index word so that what is authenticated lies together.
        Span<byte> tagCopy = stackalloc byte[TagLength];
        tag.CopyTo(tagCopy);
        BinaryPrimitives.WriteUInt32BigEndian(packet[length..], indexWord);
        return _rtcp.TryOpen(nonce, default, tagCopy, packet[..(length + IndexLength)]);
    }

    public override void Dispose()
    {
        _rtp.Dispose();
        _rtcp.Dispose();
        _keys.Dispose();
    }

    // RFC 7714 8.1: two zero bytes, SSRC, rollover counter and sequence number, combined with the salt.
    private void WriteRtpNonce(Span<byte> nonce, uint ssrc, ulong index)
    {
        BinaryPrimitives.WriteUInt16BigEndian(nonce, 0);
        BinaryPrimitives.WriteUInt32BigEndian(nonce[2..], ssrc);
        BinaryPrimitives.WriteUInt32BigEndian(nonce[6..], (uint)(index >> 16));
        BinaryPrimitives.WriteUInt16BigEndian(nonce[10..], (ushort)index);
        Combine(nonce, _keys.RtpSalt);
    }

    // RFC 7714 9.1: two zero bytes, SSRC, two zero bytes, 31-bit index, combined with the salt.
    private void WriteRtcpNonce(Span<byte> nonce, uint ssrc, uint index)
    {
        BinaryPrimitives.WriteUInt16BigEndian(nonce, 0);
        BinaryPrimitives.WriteUInt32BigEndian(nonce[2..], ssrc);
        BinaryPrimitives.WriteUInt16BigEndian(nonce[6..], 0);
        BinaryPrimitives.WriteUInt32BigEndian(nonce[8..], index);
        Combine(nonce, _keys.RtcpSalt);
    }

    private static void Combine(Span<byte> nonce, ReadOnlySpan<byte> salt)
    {
        for (var i = 0; i < nonce.Length; i++)
        {
            nonce[i] ^= salt[i];
        }
    }
}
