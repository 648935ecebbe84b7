namespace WebRtcCore.Sdp;

/// <summary>
/// One <c>a=</c> line: a name and, after a colon, perhaps a value. A parsed one borrows its characters from the description's text,
/// which is why reading a description allocates little.
/// </summary>
public readonly struct SdpAttribute : IEquatable<SdpAttribute>
{
    // The value lies in _text from _start on; no text is no value. 24 bytes a line, where memory and flag would take 32.
    private readonly string? _text;
    private readonly int _start;
    private readonly int _length;

    /// <summary>Creates an attribute.</summary>
    /// <param name="name">The name: a token.</param>
    /// <param name="value">The value, or <see langword="null"/> for a property attribute such as <c>a=rtcp-mux</c>.</param>
    /// <exception cref="ArgumentException">The name is not a token, or the value holds CR, LF or NUL.</exception>
    public SdpAttribute(string name, string? value = null)
        : this(SdpText.RequireToken(name, nameof(name)), value is null ? null : SdpText.RequireLine(value, nameof(value)), 0, value?.Length ?? 0)
    {
    }

    private SdpAttribute(string name, string? text, int start, int length)
    {
        Name = name;
        _text = text;
        _start = start;
        _length = length;
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>The value; empty where there is none.</summary>
    public ReadOnlyMemory<char> Value => _text.AsMemory(_start, _length);

    /// <summary>Whether there is a colon and a value, be it empty.</summary>
    public bool HasValue => _text is not null;

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

    /// <summary>For the parser, which has checked name and value; without a text there is no value.</summary>
    internal static SdpAttribute FromParsed(string name, string? text, int start, int length) => new(name, text, start, length);
}
