using System.Buffers.Binary;
using System.Security.Cryptography;
using WebRtcCore.Primitives;

namespace WebRtcCore.Stun;

/// <summary>
/// A STUN message (RFC 8489) as a view of the datagram, which is borrowed. <see cref="TryParse"/> checks the whole structure once;
/// nothing fails or allocates afterwards. Authentication is a separate step: nothing in the message is proved until
/// <see cref="VerifyMessageIntegrity"/> says so.
/// </summary>
/// <remarks>
/// Attributes behind MESSAGE-INTEGRITY are not covered by it and thus invisible, except MESSAGE-INTEGRITY-SHA256 and FINGERPRINT;
/// behind FINGERPRINT nothing counts (RFC 8489, 14.5 to 14.7). Of attributes that occur more than once the first one counts.
/// </remarks>
public readonly ref struct StunMessageView
{
    private const int None = -1;
    private readonly ReadOnlySpan<byte> _message;
    private readonly int _attributesEnd;
    private readonly int _integrityOffset;
    private readonly int _integritySha256Offset;
    private readonly int _fingerprintOffset;

    private StunMessageView(ReadOnlySpan<byte> message, int attributesEnd, int integrityOffset, int integritySha256Offset, int fingerprintOffset)
    {
        _message = message;
        _attributesEnd = attributesEnd;
        _integrityOffset = integrityOffset;
        _integritySha256Offset = integritySha256Offset;
        _fingerprintOffset = fingerprintOffset;
    }

    /// <summary>The class.</summary>
    public StunClass Class => (StunClass)(MessageType & 0x110);

    /// <summary>The method, known or not.</summary>
    public StunMethod Method
    {
        get
        {
            // RFC 8489 5: the two class bits stand between the method bits.
            var type = MessageType;
            return (StunMethod)((type & 0x000F) | ((type & 0x00E0) >> 1) | ((type & 0x3E00) >> 2));
        }
    }

    /// <summary>The transaction id.</summary>
    public StunTransactionId TransactionId => StunTransactionId.Read(_message[StunFormat.TransactionIdOffset..]);

    /// <summary>Whether there is a MESSAGE-INTEGRITY.</summary>
    public bool HasMessageIntegrity => _integrityOffset != None;

    /// <summary>Whether there is a MESSAGE-INTEGRITY-SHA256.</summary>
    public bool HasMessageIntegritySha256 => _integritySha256Offset != None;

    /// <summary>Whether there is a FINGERPRINT.</summary>
    public bool HasFingerprint => _fingerprintOffset != None;

    /// <summary>The attributes in front of the integrity and FINGERPRINT attributes.</summary>
    public StunAttributeEnumerator Attributes => new(_message[StunFormat.HeaderLength.._attributesEnd]);

    private int MessageType => BinaryPrimitives.ReadUInt16BigEndian(_message);

    /// <summary>Whether <paramref name="datagram"/> starts as a STUN message does: two zero bits and the magic cookie.</summary>
    public static bool LooksLikeStun(ReadOnlySpan<byte> datagram) =>
        datagram.Length >= StunFormat.HeaderLength
        && datagram[0] < 0x40
        && BinaryPrimitives.ReadUInt32BigEndian(datagram[StunFormat.CookieOffset..]) == StunFormat.MagicCookie;

    /// <summary>
    /// Parses exactly one message. False if a length, an attribute or the padding runs out of the datagram, if bytes are left over,
    /// or if the magic cookie is missing (RFC 3489). Never throws.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> datagram, out StunMessageView message)
    {
        message = default;
        if (!LooksLikeStun(datagram))
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt16BigEndian(datagram[StunFormat.LengthOffset..]);
        if ((length & 3) != 0 || length != datagram.Length - StunFormat.HeaderLength)
        {
            return false;
        }

        var integrity = None;
        var integritySha256 = None;
        var fingerprint = None;
        var attributesEnd = None;
        for (var offset = StunFormat.HeaderLength; offset < datagram.Length;)
        {
            // Multiples of four throughout, so a header always fits; the value and its padding may not.
            var valueLength = BinaryPrimitives.ReadUInt16BigEndian(datagram[(offset + 2)..]);
            if (StunFormat.Padded(valueLength) > datagram.Length - offset - StunFormat.AttributeHeaderLength)
            {
                return false;
            }

            var isTail = true;
            switch ((StunAttributeType)BinaryPrimitives.ReadUInt16BigEndian(datagram[offset..]))
            {
                case var _ when fingerprint != None:
                    break;
                case StunAttributeType.Fingerprint:
                    fingerprint = offset;
                    if (valueLength != StunFormat.FingerprintLength)
                    {
                        return false;
                    }

                    break;
                case StunAttributeType.MessageIntegritySha256 when integritySha256 == None:
                    integritySha256 = offset;
                    if (valueLength is < StunFormat.MinSha256Length or > StunFormat.Sha256Length || (valueLength & 3) != 0)
                    {
                        return false;
                    }

                    break;
                case StunAttributeType.MessageIntegrity when integrity == None && integritySha256 == None:
                    integrity = offset;
                    if (valueLength != StunFormat.Sha1Length)
                    {
                        return false;
                    }

                    break;
                default:
                    isTail = false;
                    break;
            }

            if (isTail && attributesEnd == None)
            {
                attributesEnd = offset;
            }

            offset += StunFormat.AttributeHeaderLength + StunFormat.Padded(valueLength);
        }

        message = new StunMessageView(datagram, attributesEnd == None ? datagram.Length : attributesEnd, integrity, integritySha256, fingerprint);
        return true;
    }

    /// <summary>Finds the first attribute of a type.</summary>
    public bool TryGetAttribute(StunAttributeType type, out ReadOnlySpan<byte> value)
    {
        foreach (var attribute in Attributes)
        {
            if (attribute.Type == type)
            {
                value = attribute.Value;
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>Whether there is an attribute of a type; for those without a value.</summary>
    public bool HasAttribute(StunAttributeType type) => TryGetAttribute(type, out _);

    /// <summary>Finds an attribute that is a 32-bit number.</summary>
    public bool TryGetUInt32(StunAttributeType type, out uint value)
    {
        value = 0;
        return TryGetAttribute(type, out var bytes) && bytes.Length == sizeof(uint) && BinaryPrimitives.TryReadUInt32BigEndian(bytes, out value);
    }

    /// <summary>Finds an attribute that is a 64-bit number.</summary>
    public bool TryGetUInt64(StunAttributeType type, out ulong value)
    {
        value = 0;
        return TryGetAttribute(type, out var bytes) && bytes.Length == sizeof(ulong) && BinaryPrimitives.TryReadUInt64BigEndian(bytes, out value);
    }

    /// <summary>Finds an address that is XORed with cookie and transaction id, such as XOR-MAPPED-ADDRESS.</summary>
    public bool TryGetXorAddress(StunAttributeType type, out TransportAddress address)
    {
        address = default;
        return TryGetAttribute(type, out var bytes) && StunFormat.TryReadAddress(bytes, isXored: true, _message, out address);
    }

    /// <summary>Reads an attribute of this message that is an XORed address, for types of which there may be several.</summary>
    public bool TryReadXorAddress(scoped in StunAttribute attribute, out TransportAddress address) =>
        StunFormat.TryReadAddress(attribute.Value, isXored: true, _message, out address);

    /// <summary>Finds an address in clear, such as MAPPED-ADDRESS and ALTERNATE-SERVER.</summary>
    public bool TryGetAddress(StunAttributeType type, out TransportAddress address)
    {
        address = default;
        return TryGetAttribute(type, out var bytes) && StunFormat.TryReadAddress(bytes, isXored: false, _message, out address);
    }

    /// <summary>Finds ERROR-CODE.</summary>
    /// <param name="code">300 to 699.</param>
    /// <param name="reason">UTF-8 for people; borrowed.</param>
    public bool TryGetErrorCode(out StunErrorCode code, out ReadOnlySpan<byte> reason)
    {
        code = default;
        reason = default;
        if (!TryGetAttribute(StunAttributeType.ErrorCode, out var bytes) || bytes.Length < 4)
        {
            return false;
        }

        var hundreds = bytes[2] & 7;
        if (hundreds is < 3 or > 6 || bytes[3] > 99)
        {
            return false;
        }

        code = (StunErrorCode)((hundreds * 100) + bytes[3]);
        reason = bytes[4..];
        return true;
    }

    /// <summary>
    /// Lists attribute types that must be understood but are not among <see cref="StunAttributeType"/>, each once:
    /// a request that has any is answered with 420, a response is discarded (RFC 8489, 6.3).
    /// </summary>
    /// <param name="destination">Filled from the start; what does not fit is left out.</param>
    /// <returns>How many were written.</returns>
    public int GetUnknownRequired(Span<ushort> destination)
    {
        var count = 0;
        foreach (var attribute in Attributes)
        {
            if (attribute.IsComprehensionRequired
                && !IsUnderstood(attribute.Type)
                && count < destination.Length
                && !destination[..count].Contains((ushort)attribute.Type))
            {
                destination[count++] = (ushort)attribute.Type;
            }
        }

        return count;
    }

    /// <summary>Whether FINGERPRINT is there and right. It tells STUN from other protocols; it authenticates nothing.</summary>
    public bool VerifyFingerprint() =>
        HasFingerprint
        && BinaryPrimitives.ReadUInt32BigEndian(_message[(_fingerprintOffset + StunFormat.AttributeHeaderLength)..]) == StunFingerprint.Compute(_message[.._fingerprintOffset]);

    /// <summary>Whether MESSAGE-INTEGRITY is there and made with <paramref name="key"/>. Takes the same time wherever a wrong one differs.</summary>
    public bool VerifyMessageIntegrity(StunIntegrityKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (!HasMessageIntegrity)
        {
            return false;
        }

        Span<byte> expected = stackalloc byte[StunFormat.Sha1Length];
        key.ComputeSha1(_message[.._integrityOffset], expected);
        return CryptographicOperations.FixedTimeEquals(expected, _message.Slice(_integrityOffset + StunFormat.AttributeHeaderLength, StunFormat.Sha1Length));
    }

    /// <summary>Whether MESSAGE-INTEGRITY-SHA256 is there and made with <paramref name="key"/>; truncated ones of 16 bytes and more count.</summary>
    public bool VerifyMessageIntegritySha256(StunIntegrityKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (!HasMessageIntegritySha256)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt16BigEndian(_message[(_integritySha256Offset + 2)..]);
        Span<byte> expected = stackalloc byte[StunFormat.Sha256Length];
        key.ComputeSha256(_message[.._integritySha256Offset], length, expected);
        return CryptographicOperations.FixedTimeEquals(expected[..length], _message.Slice(_integritySha256Offset + StunFormat.AttributeHeaderLength, length));
    }

    // Types up to 0x000B that RFC 8489 no longer uses still come from servers of RFC 3489: they are harmless, not unknown.
    private static bool IsUnderstood(StunAttributeType type) => type
        is (> 0 and <= (StunAttributeType)0x000B)
        or StunAttributeType.ChannelNumber
        or StunAttributeType.Lifetime
        or StunAttributeType.XorPeerAddress
        or StunAttributeType.Data
        or StunAttributeType.Realm
        or StunAttributeType.Nonce
        or (>= StunAttributeType.XorRelayedAddress and <= StunAttributeType.DontFragment)
        or StunAttributeType.ReservationToken
        or StunAttributeType.MessageIntegritySha256
        or StunAttributeType.PasswordAlgorithm
        or StunAttributeType.UserHash
        or StunAttributeType.XorMappedAddress
        or StunAttributeType.Priority
        or StunAttributeType.UseCandidate;
}
