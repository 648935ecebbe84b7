using System.Buffers.Binary;
using WebRtcCore.Primitives.Cryptography;
using WebRtcCore.Rtp;
using WebRtcCore.Srtp.Ciphers;

namespace WebRtcCore.Srtp;

/// <summary>
/// SRTP and SRTCP of one direction (RFC 3711, 7714): either all that one side sends, or all that it receives. Packets are
/// transformed in place and nothing is allocated per packet. Not thread-safe.
/// </summary>
/// <remarks>
/// The receiving direction keeps, per SSRC, the rollover counter and replay windows; both come into being with the first packet of an
/// SSRC that authenticates, and change only with packets that do. The sending direction may protect a sequence number again, as
/// retransmission does, but only with exactly the same bytes: two different packets under one index break the cipher.
/// </remarks>
public sealed class SrtpContext : IDisposable
{
    private const int MaxStreamsLimit = 65_536;

    private readonly Dictionary<uint, SrtpStream> _streams = [];
    private readonly PacketTransform _transform;
    private readonly int _maxStreams;
    private readonly uint _initialRolloverCounter;
    private uint _cachedSsrc;
    private SrtpStream? _cachedStream;
    private bool _isDisposed;

    /// <summary>Derives the session keys from a master key and salt, as DTLS-SRTP gives them.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="masterKey"><see cref="SrtpProfileExtensions.GetKeyLength"/> bytes; borrowed.</param>
    /// <param name="masterSalt"><see cref="SrtpProfileExtensions.GetSaltLength"/> bytes; borrowed.</param>
    /// <param name="options">Bounds, or <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">Key or salt has another length than the profile wants, or an option is out of range.</exception>
    public SrtpContext(SrtpProfile profile, ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt, SrtpContextOptions? options = null)
        : this(profile, DeriveKeys(profile, masterKey, masterSalt), CipherChoice.Fastest, 0, options)
    {
    }

    /// <summary>Takes session keys as they are and owns them from now on.</summary>
    internal SrtpContext(
        SrtpProfile profile, SrtpSessionKeys keys, CipherChoice choice, uint initialRolloverCounter, SrtpContextOptions? options = null)
    {
        _maxStreams = (options ?? new SrtpContextOptions()).MaxStreams;
        ArgumentOutOfRangeException.ThrowIfLessThan(_maxStreams, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_maxStreams, MaxStreamsLimit, nameof(options));
        Profile = profile;
        RtpOverhead = profile.GetRtpOverhead();
        RtcpOverhead = profile.GetRtcpOverhead();
        _initialRolloverCounter = initialRolloverCounter;
        _transform = PacketTransform.Create(profile, keys, choice);
    }

    /// <summary>The profile.</summary>
    public SrtpProfile Profile { get; }

    /// <summary>How many bytes longer an SRTP packet is than its RTP packet.</summary>
    public int RtpOverhead { get; }

    /// <summary>How many bytes longer an SRTCP packet is than its RTCP packet.</summary>
    public int RtcpOverhead { get; }

    /// <summary>How many SSRCs the context remembers.</summary>
    public int StreamCount => _streams.Count;

    /// <summary>Protects an RTP packet in place.</summary>
    /// <param name="buffer">The packet, followed by at least <see cref="RtpOverhead"/> bytes of room.</param>
    /// <param name="length">The packet's length.</param>
    /// <param name="protectedLength">The SRTP packet's length, or 0.</param>
    /// <exception cref="ObjectDisposedException">The context has been disposed.</exception>
    public SrtpResult ProtectRtp(Span<byte> buffer, int length, out int protectedLength)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        protectedLength = 0;
        if ((uint)length > (uint)buffer.Length || !RtpPacketView.TryGetHeaderLength(buffer[..length], out var headerLength))
        {
            return SrtpResult.Malformed;
        }

        if (buffer.Length - length < RtpOverhead)
        {
            return SrtpResult.BufferTooSmall;
        }

        var ssrc = BinaryPrimitives.ReadUInt32BigEndian(buffer[8..]);
        if (FindOrAdd(ssrc) is not { } stream)
        {
            return SrtpResult.TooManyStreams;
        }

        if (!stream.TryEstimateRtpIndex(BinaryPrimitives.ReadUInt16BigEndian(buffer[2..]), out var index))
        {
            return SrtpResult.KeyExhausted;
        }

        _transform.ProtectRtp(buffer, headerLength, length, ssrc, index);
        stream.MarkRtp(index);
        protectedLength = length + RtpOverhead;
        return SrtpResult.Success;
    }

    /// <summary>Checks and decrypts an SRTP packet in place.</summary>
    /// <param name="packet">The whole datagram. Unless the result is success its content is undefined afterwards.</param>
    /// <param name="length">The RTP packet's length, or 0.</param>
    /// <exception cref="ObjectDisposedException">The context has been disposed.</exception>
    public SrtpResult UnprotectRtp(Span<byte> packet, out int length)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        length = 0;
        if (!RtpPacketView.TryGetHeaderLength(packet, out var headerLength) || packet.Length - headerLength < RtpOverhead)
        {
            return SrtpResult.Malformed;
        }

        var ssrc = BinaryPrimitives.ReadUInt32BigEndian(packet[8..]);
        var sequenceNumber = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        var stream = Find(ssrc);
        if (stream is null && _streams.Count >= _maxStreams)
        {
            return SrtpResult.TooManyStreams;
        }

        // A stream not seen before starts with rollover counter zero; it is remembered only once its first packet has authenticated.
        var index = ((ulong)_initialRolloverCounter << 16) | sequenceNumber;
        if (stream is not null && (!stream.TryEstimateRtpIndex(sequenceNumber, out index) || !stream.IsFreshRtp(index)))
        {
            return SrtpResult.Replayed;
        }

        if (!_transform.TryUnprotectRtp(packet, headerLength, ssrc, index))
        {
            return SrtpResult.AuthenticationFailed;
        }

        (stream ?? Add(ssrc)).MarkRtp(index);
        length = packet.Length - RtpOverhead;
        return SrtpResult.Success;
    }

    /// <summary>Protects an RTCP packet, compound or reduced-size, in place.</summary>
    /// <param name="buffer">The packet, followed by at least <see cref="RtcpOverhead"/> bytes of room.</param>
    /// <param name="length">The packet's length.</param>
    /// <param name="protectedLength">The SRTCP packet's length, or 0.</param>
    /// <exception cref="ObjectDisposedException">The context has been disposed.</exception>
    public SrtpResult ProtectRtcp(Span<byte> buffer, int length, out int protectedLength)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        protectedLength = 0;
        if ((uint)length > (uint)buffer.Length || !IsRtcp(buffer[..length]))
        {
            return SrtpResult.Malformed;
        }

        if (buffer.Length - length < RtcpOverhead)
        {
            return SrtpResult.BufferTooSmall;
        }

        var ssrc = BinaryPrimitives.ReadUInt32BigEndian(buffer[4..]);
        if (FindOrAdd(ssrc) is not { } stream)
        {
            return SrtpResult.TooManyStreams;
        }

        if (!stream.TryTakeRtcpIndex(out var index))
        {
            return SrtpResult.KeyExhausted;
        }

        _transform.ProtectRtcp(buffer, length, ssrc, index);
        protectedLength = length + RtcpOverhead;
        return SrtpResult.Success;
    }

    /// <summary>Checks and decrypts an SRTCP packet in place.</summary>
    /// <param name="packet">The whole datagram. Unless the result is success its content is undefined afterwards.</param>
    /// <param name="length">The RTCP packet's length, or 0.</param>
    /// <exception cref="ObjectDisposedException">The context has been disposed.</exception>
    public SrtpResult UnprotectRtcp(Span<byte> packet, out int length)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        length = 0;
        if (packet.Length < PacketTransform.RtcpHeaderLength + RtcpOverhead || !IsRtcp(packet))
        {
            return SrtpResult.Malformed;
        }

        var ssrc = BinaryPrimitives.ReadUInt32BigEndian(packet[4..]);
        var stream = Find(ssrc);
        if (stream is null && _streams.Count >= _maxStreams)
        {
            return SrtpResult.TooManyStreams;
        }

        var indexWord = _transform.ReadRtcpIndexWord(packet);
        var index = indexWord & ~PacketTransform.RtcpEncryptedBit;
        if (stream is not null && !stream.IsFreshRtcp(index))
        {
            return SrtpResult.Replayed;
        }

        if (!_transform.TryUnprotectRtcp(packet, ssrc, indexWord))
        {
            return SrtpResult.AuthenticationFailed;
        }

        (stream ?? Add(ssrc)).MarkRtcp(index);
        length = packet.Length - RtcpOverhead;
        return SrtpResult.Success;
    }

    /// <summary>Zeroes the keys. A second call does nothing.</summary>
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _transform.Dispose();
        }
    }

    private static SrtpSessionKeys DeriveKeys(SrtpProfile profile, ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt)
    {
        if (masterKey.Length != profile.GetKeyLength() || masterSalt.Length != profile.GetSaltLength())
        {
            throw new ArgumentException($"{profile} takes a master key of {profile.GetKeyLength()} bytes and a salt of {profile.GetSaltLength()}.", nameof(masterKey));
        }

        return KeyDerivation.DeriveSessionKeys(profile, masterKey, masterSalt);
    }

    private static bool IsRtcp(ReadOnlySpan<byte> packet) => packet.Length >= PacketTransform.RtcpHeaderLength && packet[0] >> 6 == 2;

    private SrtpStream? Find(uint ssrc)
    {
        if (_cachedStream is not null && _cachedSsrc == ssrc)
        {
            return _cachedStream;
        }

        if (_streams.TryGetValue(ssrc, out var stream))
        {
            _cachedSsrc = ssrc;
            _cachedStream = stream;
        }

        return stream;
    }

    private SrtpStream? FindOrAdd(uint ssrc) => Find(ssrc) ?? (_streams.Count < _maxStreams ? Add(ssrc) : null);

    private SrtpStream Add(uint ssrc)
    {
        var stream = new SrtpStream { InitialRolloverCounter = _initialRolloverCounter };
        _streams.Add(ssrc, stream);
        return stream;
    }
}
