using System.Buffers.Binary;
using System.Security.Cryptography;
using WebRtcCore.Primitives.Cryptography;

namespace WebRtcCore.Srtp.Ciphers;

/// <summary>AES in counter mode with HMAC-SHA1 tags (RFC 3711, 4.1.1 and 4.2.1).</summary>
internal sealed class CounterModeHmacTransform : PacketTransform
{
    private const int IndexLength = SrtpProfileExtensions.RtcpIndexLength;
    private const int RtcpTagLength = 10;
    private const int Sha1Length = 20;

    private readonly CounterModeCipher _rtpCipher;
    private readonly CounterModeCipher _rtcpCipher;
    private readonly IncrementalHash _rtpHmac;
    private readonly IncrementalHash _rtcpHmac;
    private readonly SrtpSessionKeys _keys;
    private readonly int _rtpTagLength;

    /// <summary>Takes over <paramref name="keys"/>.</summary>
    public CounterModeHmacTransform(SrtpSessionKeys keys, int rtpTagLength, CipherChoice choice)
    {
        _keys = keys;
        _rtpTagLength = rtpTagLength;
        _rtpCipher = CounterModeCipher.Create(keys.RtpKey, choice);
        _rtcpCipher = CounterModeCipher.Create(keys.RtcpKey, choice);
        _rtpHmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA1, keys.RtpAuthenticationKey);
        _rtcpHmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA1, keys.RtcpAuthenticationKey);
    }

    public override void ProtectRtp(Span<byte> packet, int headerLength, int length, uint ssrc, ulong index)
    {
        Span<byte> iv = stackalloc byte[CounterModeCipher.BlockLength];
        WriteIv(iv, _keys.RtpSalt, ssrc, index);
        _rtpCipher.Apply(iv, packet[headerLength..length]);
        Span<byte> tag = stackalloc byte[Sha1Length];
        ComputeRtpTag(packet, length, index, tag);
        tag[.._rtpTagLength].CopyTo(packet[length..]);
    }

    public override bool TryUnprotectRtp(Span<byte> packet, int headerLength, uint ssrc, ulong index)
    {
        var length = packet.Length - _rtpTagLength;
        Span<byte> received = stackalloc byte[_rtpTagLength];
        packet[length..].CopyTo(received);
        Span<byte> tag = stackalloc byte[Sha1Length];
        ComputeRtpTag(packet, length, index, tag);
        if (!CryptographicOperations.FixedTimeEquals(tag[.._rtpTagLength], received))
        {
            return false;
        }

        Span<byte> iv = stackalloc byte[CounterModeCipher.BlockLength];
        WriteIv(iv, _keys.RtpSalt, ssrc, index);
        _rtpCipher.Apply(iv, packet[headerLength..length]);
        return true;
    }

    // RFC 3711 3.4: packet, index word, tag; the tag covers the index word.
    public override void ProtectRtcp(Span<byte> packet, int length, uint ssrc, uint index)
    {
        Span<byte> iv = stackalloc byte[CounterModeCipher.BlockLength];
        WriteIv(iv, _keys.RtcpSalt, ssrc, index);
        _rtcpCipher.Apply(iv, packet[RtcpHeaderLength..length]);
        BinaryPrimitives.WriteUInt32BigEndian(packet[length..], index | RtcpEncryptedBit);
        Span<byte> tag = stackalloc byte[Sha1Length];
        _rtcpHmac.AppendData(packet[..(length + IndexLength)]);
        _rtcpHmac.GetHashAndReset(tag);
        tag[..RtcpTagLength].CopyTo(packet[(length + IndexLength)..]);
    }

    public override uint ReadRtcpIndexWord(ReadOnlySpan<byte> packet) =>
        BinaryPrimitives.ReadUInt32BigEndian(packet[^(RtcpTagLength + IndexLength)..]);

    public override bool TryUnprotectRtcp(Span<byte> packet, uint ssrc, uint indexWord)
    {
        Span<byte> tag = stackalloc byte[Sha1Length];
        _rtcpHmac.AppendData(packet[..^RtcpTagLength]);
        _rtcpHmac.GetHashAndReset(tag);
        if (!CryptographicOperations.FixedTimeEquals(tag[..RtcpTagLength], packet[^RtcpTagLength..]))
        {
            return false;
        }

        if ((indexWord & RtcpEncryptedBit) != 0)
        {
            Span<byte> iv = stackalloc byte[CounterModeCipher.BlockLength];
            WriteIv(iv, _keys.RtcpSalt, ssrc, indexWord & ~RtcpEncryptedBit);
            _rtcpCipher.Apply(iv, packet[RtcpHeaderLength..^(RtcpTagLength + IndexLength)]);
        }

        return true;
    }

    public override void Dispose()
    {
        _rtpCipher.Dispose();
        _rtcpCipher.Dispose();
        _rtpHmac.Dispose();
        _rtcpHmac.Dispose();
        _keys.Dispose();
    }

    // RFC 3711 4.2: the tag covers the packet and, though it is not sent, the rollover counter. That goes for a moment where the tag belongs (which is never
    // shorter), because what costs with short messages is the calls into the platform's library.
    private void ComputeRtpTag(Span<byte> packet, int length, ulong index, Span<byte> tag)
    {
        BinaryPrimitives.WriteUInt32BigEndian(packet[length..], (uint)(index >> 16));
        _rtpHmac.AppendData(packet[..(length + sizeof(uint))]);
        _rtpHmac.GetHashAndReset(tag);
    }

    // RFC 3711 4.1.1: salt * 2^16, SSRC * 2^64 and index * 2^16 combined; the last 16 bits count blocks.
    private static void WriteIv(Span<byte> iv, ReadOnlySpan<byte> salt, uint ssrc, ulong index)
    {
        salt.CopyTo(iv);
        iv[14] = 0;
        iv[15] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(iv[4..], BinaryPrimitives.ReadUInt32BigEndian(iv[4..]) ^ ssrc);
        BinaryPrimitives.WriteUInt64BigEndian(iv[8..], BinaryPrimitives.ReadUInt64BigEndian(iv[8..]) ^ (index << 16));
    }
}
