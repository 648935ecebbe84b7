using System.Buffers.Binary;
using WebRtcCore.Sctp.Packets;

namespace WebRtcCore.Sctp.Parameters;

/// <summary>
/// The one reader of type-length-value lists: parameters (RFC 9260, 3.2.1) and error causes (3.3.10) have the same form. It never reads outside its span.
/// </summary>
/// <remarks>
/// <code>
///  |          Type                 |       Length                  |
///  \                             Value                             \
/// </code>
/// </remarks>
internal ref struct TlvReader
{
    /// <summary>The size of type and length.</summary>
    public const int HeaderLength = 4;

    private ReadOnlySpan<byte> _rest;

    /// <summary>Starts at the first element.</summary>
    public TlvReader(ReadOnlySpan<byte> list) => _rest = list;

    /// <summary>Whether everything has been read; if not when <see cref="TryRead"/> fails, the list is malformed.</summary>
    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>Reads the next element. <see langword="false"/> at the end and at the first one that does not fit.</summary>
    public bool TryRead(out TlvView element)
    {
        element = default;
        if (_rest.Length < HeaderLength)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(_rest[2..]);
        if (length < HeaderLength || length > _rest.Length)
        {
            return false;
        }

        element = new TlvView(_rest[..length]);
        _rest = _rest[Math.Min(Padding.RoundUp(length), _rest.Length)..];
        return true;
    }
}
