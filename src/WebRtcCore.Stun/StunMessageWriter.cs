using System.Buffers.Binary;
using System.Text;
using WebRtcCore.Primitives;

namespace WebRtcCore.Stun;

/// <summary>
/// Writes one STUN message (RFC 8489) into a borrowed span, attribute by attribute, in the order of the calls; it allocates nothing.
/// The message is complete after every call: <see cref="Written"/> can be sent. Padding is zero. Too small a span throws
/// <see cref="ArgumentOutOfRangeException"/>.
/// </summary>
public ref struct StunMessageWriter
{
    private readonly Span<byte> _destination;
    private SpanWriter _writer;

    /// <summary>Starts a message.</summary>
    /// <param name="destination">Borrowed; 20 bytes and what the attributes need.</param>
    /// <param name="messageClass">The class.</param>
    /// <param name="method">The method.</param>
    /// <param name="transactionId">The transaction id.</param>
    public StunMessageWriter(Span<byte> destination, StunClass messageClass, StunMethod method, StunTransactionId transactionId)
    {
        _destination = destination;
        _writer = new SpanWriter(destination);
        var m = (int)method;
        _writer.WriteUInt16((ushort)((int)messageClass | (m & 0x00F) | ((m & 0x070) << 1) | ((m & 0xF80) << 2)));
        _writer.WriteUInt16(0);
        _writer.WriteUInt32(StunFormat.MagicCookie);
        transactionId.Write(_writer.Reserve(StunTransactionId.Length));
    }

    /// <summary>The number of bytes written.</summary>
    public readonly int Length => _writer.Position;

    /// <summary>The message so far.</summary>
    public readonly Span<byte> Written => _writer.Written;

    /// <summary>Adds an attribute with a value of bytes.</summary>
    public void Add(StunAttributeType type, scoped ReadOnlySpan<byte> value)
    {
        Begin(type, value.Length);
        _writer.WriteBytes(value);
        End();
    }

    /// <summary>Adds an attribute without a value.</summary>
    public void AddFlag(StunAttributeType type) => Add(type, default);

    /// <summary>Adds a text as UTF-8.</summary>
    public void AddText(StunAttributeType type, scoped ReadOnlySpan<char> text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        Begin(type, length);
        Encoding.UTF8.GetBytes(text, _writer.Reserve(length));
        End();
    }

    /// <summary>Adds a 32-bit number.</summary>
    public void AddUInt32(StunAttributeType type, uint value)
    {
        Begin(type, sizeof(uint));
        _writer.WriteUInt32(value);
        End();
    }

    /// <summary>Adds a 64-bit number.</summary>
    public void AddUInt64(StunAttributeType type, ulong value)
    {
        Begin(type, sizeof(ulong));
        _writer.WriteUInt64(value);
        End();
    }

    /// <summary>Adds an address that is XORed with cookie and transaction id.</summary>
    public void AddXorAddress(StunAttributeType type, TransportAddress address)
    {
        Begin(type, StunFormat.EncodedAddressLength(address));
        StunFormat.WriteAddress(ref _writer, address, isXored: true, _destination);
        End();
    }

    /// <summary>Adds an address in clear.</summary>
    public void AddAddress(StunAttributeType type, TransportAddress address)
    {
        Begin(type, StunFormat.EncodedAddressLength(address));
        StunFormat.WriteAddress(ref _writer, address, isXored: false, _destination);
        End();
    }

    /// <summary>Adds ERROR-CODE.</summary>
    /// <param name="code">300 to 699.</param>
    /// <param name="reason">A text for people, less than 128 characters.</param>
    public void AddErrorCode(StunErrorCode code, ReadOnlySpan<char> reason)
    {
        var length = Encoding.UTF8.GetByteCount(reason);
        Begin(StunAttributeType.ErrorCode, 4 + length);
        _writer.WriteUInt16(0);
        _writer.WriteByte((byte)((int)code / 100));
        _writer.WriteByte((byte)((int)code % 100));
        Encoding.UTF8.GetBytes(reason, _writer.Reserve(length));
        End();
    }

    /// <summary>Adds UNKNOWN-ATTRIBUTES.</summary>
    public void AddUnknownAttributes(ReadOnlySpan<ushort> types)
    {
        Begin(StunAttributeType.UnknownAttributes, types.Length * sizeof(ushort));
        foreach (var type in types)
        {
            _writer.WriteUInt16(type);
        }

        End();
    }

    /// <summary>Adds MESSAGE-INTEGRITY over all before it; only MESSAGE-INTEGRITY-SHA256 and FINGERPRINT may follow.</summary>
    public void AddMessageIntegrity(StunIntegrityKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var before = _writer.Written;
        Begin(StunAttributeType.MessageIntegrity, StunFormat.Sha1Length);
        key.ComputeSha1(before, _writer.Reserve(StunFormat.Sha1Length));
        End();
    }

    /// <summary>Adds MESSAGE-INTEGRITY-SHA256 (32 bytes) over all before it; only FINGERPRINT may follow.</summary>
    public void AddMessageIntegritySha256(StunIntegrityKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var before = _writer.Written;
        Begin(StunAttributeType.MessageIntegritySha256, StunFormat.Sha256Length);
        key.ComputeSha256(before, StunFormat.Sha256Length, _writer.Reserve(StunFormat.Sha256Length));
        End();
    }

    /// <summary>Adds FINGERPRINT; nothing may follow.</summary>
    public void AddFingerprint()
    {
        // RFC 8489 14.7: the CRC covers a length that counts FINGERPRINT in.
        var before = _writer.Written;
        SetLength(_writer.Position + StunFormat.AttributeHeaderLength + StunFormat.FingerprintLength);
        AddUInt32(StunAttributeType.Fingerprint, StunFingerprint.Compute(before));
    }

    private void Begin(StunAttributeType type, int length)
    {
        _writer.WriteUInt16((ushort)type);
        _writer.WriteUInt16((ushort)length);
    }

    private void End()
    {
        _writer.WriteZeros(StunFormat.Padded(_writer.Position) - _writer.Position);
        SetLength(_writer.Position);
    }

    private readonly void SetLength(int totalLength) =>
        BinaryPrimitives.WriteUInt16BigEndian(_destination[StunFormat.LengthOffset..], (ushort)(totalLength - StunFormat.HeaderLength));
}
