using System.Buffers.Binary;

namespace WebRtcCore.Stun;

/// <summary>Walks over attributes whose structure has been checked before.</summary>
public ref struct StunAttributeEnumerator
{
    private ReadOnlySpan<byte> _rest;

    internal StunAttributeEnumerator(ReadOnlySpan<byte> attributes)
    {
        _rest = attributes;
        Current = default;
    }

    /// <summary>The attribute.</summary>
    public StunAttribute Current { get; private set; }

    /// <summary>Goes to the next attribute.</summary>
    public bool MoveNext()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt16BigEndian(_rest[2..]);
        Current = new StunAttribute((StunAttributeType)BinaryPrimitives.ReadUInt16BigEndian(_rest), _rest.Slice(StunFormat.AttributeHeaderLength, length));
        _rest = _rest[(StunFormat.AttributeHeaderLength + StunFormat.Padded(length))..];
        return true;
    }

    /// <summary>Makes <c>foreach</c> work on the enumerator itself.</summary>
    public readonly StunAttributeEnumerator GetEnumerator() => this;
}
