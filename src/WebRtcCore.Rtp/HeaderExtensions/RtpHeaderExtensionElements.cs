namespace WebRtcCore.Rtp.HeaderExtensions;

/// <summary>
/// The elements of a packet's header extension, in the one-byte or the two-byte form (RFC 8285, 4.2 and 4.3), for <see langword="foreach"/>.
/// Walking stops at the first element that does not fit.
/// </summary>
public readonly ref struct RtpHeaderExtensionElements
{
    /// <summary>The profile value of the one-byte form.</summary>
    public const ushort OneByteProfile = 0xBEDE;

    /// <summary>The profile value of the two-byte form; its low four bits are the application's.</summary>
    public const ushort TwoByteProfile = 0x1000;

    private const ushort TwoByteProfileMask = 0xFFF0;
    private readonly ushort _profile;
    private readonly ReadOnlySpan<byte> _data;

    internal RtpHeaderExtensionElements(ushort profile, ReadOnlySpan<byte> data)
    {
        _profile = profile;
        _data = data;
    }

    /// <summary>Starts at the first element.</summary>
    public Enumerator GetEnumerator() => (_profile & TwoByteProfileMask) == TwoByteProfile ? new Enumerator(_data, isTwoByte: true)
        : _profile == OneByteProfile ? new Enumerator(_data, isTwoByte: false)
        : default;

    /// <summary>Walks over the elements.</summary>
    public ref struct Enumerator
    {
        private readonly bool _isTwoByte;
        private ReadOnlySpan<byte> _rest;
        private ReadOnlySpan<byte> _value;
        private byte _id;

        internal Enumerator(ReadOnlySpan<byte> data, bool isTwoByte)
        {
            _rest = data;
            _isTwoByte = isTwoByte;
        }

        /// <summary>The element that the last <see cref="MoveNext"/> came to.</summary>
        public readonly RtpHeaderExtensionElement Current => new(_id, _value);

        /// <summary>Goes to the next element.</summary>
        public bool MoveNext()
        {
            // RFC 8285 4.1.1: a zero byte is padding and may stand anywhere between elements.
            var padding = _rest.IndexOfAnyExcept((byte)0);
            if (padding < 0)
            {
                return false;
            }

            _rest = _rest[padding..];
            return _isTwoByte ? MoveNextTwoByte() : MoveNextOneByte();
        }

        private bool MoveNextOneByte()
        {
            // RFC 8285 4.2: the upper half is the identifier, the lower half the length minus one; identifier 15 ends the walk,
            // and identifier 0 with a length is reserved, so nothing behind it can be trusted either.
            var id = (byte)(_rest[0] >> 4);
            var length = (_rest[0] & 0x0F) + 1;
            return id is not (0 or 15) && TryTake(id, headerLength: 1, length);
        }

        private bool MoveNextTwoByte() => _rest.Length >= 2 && TryTake(_rest[0], headerLength: 2, _rest[1]);

        private bool TryTake(byte id, int headerLength, int length)
        {
            if (length > _rest.Length - headerLength)
            {
                return false;
            }

            _id = id;
            _value = _rest.Slice(headerLength, length);
            _rest = _rest[(headerLength + length)..];
            return true;
        }
    }
}
