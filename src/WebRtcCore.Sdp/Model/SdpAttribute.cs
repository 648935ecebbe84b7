namespace WebRtcCore.Sdp;

/// <summary>
/// One <c>a=</c> line: a name and, after a colon, perhaps a value. A parsed one borrows its characters from the description's text,
/// which is why reading a description allocates little.
/// </summary>
public readonly struct SdpAttribute : IEquatable<SdpAttribute>
{
    /// <summary>Creates an attribute.</summary>
    /// <param name="name">The name: a token.</param>
    /// <param name="value">The value, or <see langword="null"/> for a property attribute such as <c>a=rtcp-mux</c>.</param>
    /// <exception cref="ArgumentException">The name is not a token, or the value holds CR, LF or NUL.</exception>
    public SdpAttribute(string name, string? value = null)
    {
        Name = SdpText.RequireToken(name, nameof(name));
        HasValue = value is not null;
        Value = value is null ? default : SdpText.RequireLine(value, nameof(value)).AsMemory();
    }

    private SdpAttribute(string name, ReadOnlyMemory<char> value, bool hasValue)
    {
        Name = name;
        Value = value;
        HasValue = hasValue;
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>The value; empty where there is none.</summary>
    public ReadOnlyMemory<char> Value { get; }

    /// <summary>Whether there is a colon and a value, be it empty.</summary>
    public bool HasValue { get; }

    /// <summary>Equal in name and value.</summary>
    public static bool operator ==(SdpAttribute left, SdpAttribute right) => left.Equals(right);

    /// <summary>Different in name or value.</summary>
    public static bool operator !=(SdpAttribute left, SdpAttribute right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(SdpAttribute other) => Name == other.Name && HasValue == other.HasValue && Value.Span.SequenceEqual(other.Value.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SdpAttribute other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, string.GetHashCode(Value.Span));

    /// <summary>The line without <c>a=</c>.</summary>
    public override string ToString() => HasValue ? $"{Name}:{Value}" : Name;

    /// <summary>For the parser, which has checked name and value.</summary>
    internal static SdpAttribute FromParsed(string name, ReadOnlyMemory<char> value, bool hasValue) => new(name, value, hasValue);
}
