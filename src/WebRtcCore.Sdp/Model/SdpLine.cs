namespace WebRtcCore.Sdp;

/// <summary>A line that is neither <c>v= o= s= m=</c> nor an attribute: <c>i u e p c b t r z k</c>. Kept in order, not interpreted.</summary>
public readonly struct SdpLine : IEquatable<SdpLine>
{
    /// <summary>Creates a line.</summary>
    /// <exception cref="ArgumentException">The type is none of <c>i u e p c b t r z k</c>, or the value holds CR, LF or NUL.</exception>
    public SdpLine(char type, string value)
        : this(type, SdpText.RequireLine(value, nameof(value)).AsMemory())
    {
        if (!IsKnownType(type))
        {
            throw new ArgumentException("There is no such SDP line.", nameof(type));
        }
    }

    private SdpLine(char type, ReadOnlyMemory<char> value)
    {
        Type = type;
        Value = value;
    }

    /// <summary>The letter before the equals sign.</summary>
    public char Type { get; }

    /// <summary>What follows the equals sign.</summary>
    public ReadOnlyMemory<char> Value { get; }

    /// <summary>Equal in type and value.</summary>
    public static bool operator ==(SdpLine left, SdpLine right) => left.Equals(right);

    /// <summary>Different in type or value.</summary>
    public static bool operator !=(SdpLine left, SdpLine right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(SdpLine other) => Type == other.Type && Value.Span.SequenceEqual(other.Value.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SdpLine other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Type, string.GetHashCode(Value.Span));

    /// <summary>The line, without its end.</summary>
    public override string ToString() => $"{Type}={Value}";

    internal static bool IsKnownType(char type) => type is 'i' or 'u' or 'e' or 'p' or 'c' or 'b' or 't' or 'r' or 'z' or 'k';

    /// <summary>For the parser, which has checked type and value.</summary>
    internal static SdpLine FromParsed(char type, ReadOnlyMemory<char> value) => new(type, value);
}
