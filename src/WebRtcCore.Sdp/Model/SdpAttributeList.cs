using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace WebRtcCore.Sdp;

/// <summary>
/// The attributes of a session or an m-line, in their order, known and unknown alike. The typed readers look among the lines of one
/// name; the parser has checked known ones, so a line that a typed reader cannot read can only have been added as text.
/// </summary>
public sealed class SdpAttributeList : IReadOnlyList<SdpAttribute>
{
    private readonly List<SdpAttribute> _items = [];

    /// <inheritdoc/>
    public int Count => _items.Count;

    /// <inheritdoc/>
    public SdpAttribute this[int index] => _items[index];

    /// <summary>Adds a line at the end.</summary>
    public void Add(SdpAttribute attribute)
    {
        ArgumentNullException.ThrowIfNull(attribute.Name, nameof(attribute));
        _items.Add(attribute);
    }

    /// <summary>Adds a line at the end.</summary>
    /// <exception cref="ArgumentException">The name is not a token, or the value holds CR, LF or NUL.</exception>
    public void Add(string name, string? value = null) => _items.Add(new SdpAttribute(name, value));

    /// <summary>Adds a typed attribute at the end.</summary>
    /// <exception cref="ArgumentException">A text in it holds CR, LF or NUL.</exception>
    public void Add<T>(T attribute)
        where T : ISdpAttribute<T> => _items.Add(new SdpAttribute(T.AttributeName, attribute.ToValue()));

    /// <summary>Puts a line in place of the first one of its name, or at the end if there is none; further ones of the name go.</summary>
    /// <exception cref="ArgumentException">The name is not a token, or the value holds CR, LF or NUL.</exception>
    public void Set(string name, string? value = null)
    {
        var attribute = new SdpAttribute(name, value);
        var index = IndexOf(name);
        if (index < 0)
        {
            _items.Add(attribute);
            return;
        }

        _items[index] = attribute;
        for (var i = _items.Count - 1; i > index; i--)
        {
            if (_items[i].Name == name)
            {
                _items.RemoveAt(i);
            }
        }
    }

    /// <summary>Inserts a line before the one at <paramref name="index"/>.</summary>
    public void Insert(int index, SdpAttribute attribute)
    {
        ArgumentNullException.ThrowIfNull(attribute.Name, nameof(attribute));
        _items.Insert(index, attribute);
    }

    /// <summary>Removes every line of a name and tells how many there were.</summary>
    public int RemoveAll(string name) => _items.RemoveAll(a => a.Name == name);

    /// <summary>The position of the first line of a name, or -1.</summary>
    public int IndexOf(string name)
    {
        for (var i = 0; i < _items.Count; i++)
        {
            if (_items[i].Name == name)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Whether there is a line of this name.</summary>
    public bool Contains(string name) => IndexOf(name) >= 0;

    /// <summary>The value of the first line of a name as text, or <see langword="null"/>.</summary>
    public string? GetValue(string name)
    {
        var index = IndexOf(name);
        return index < 0 ? null : _items[index].Value.ToString();
    }

    /// <summary>The values of all lines of a name.</summary>
    public IEnumerable<string> GetValues(string name)
    {
        foreach (var attribute in _items)
        {
            if (attribute.Name == name)
            {
                yield return attribute.Value.ToString();
            }
        }
    }

    /// <summary>The first line of a type that can be read.</summary>
    public bool TryGet<T>([MaybeNullWhen(false)] out T value)
        where T : ISdpAttribute<T>
    {
        foreach (var attribute in _items)
        {
            if (attribute.Name == T.AttributeName && T.TryParse(attribute.Value.Span, out value))
            {
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>All lines of a type that can be read.</summary>
    public IEnumerable<T> GetAll<T>()
        where T : ISdpAttribute<T>
    {
        foreach (var attribute in _items)
        {
            if (attribute.Name == T.AttributeName && T.TryParse(attribute.Value.Span, out var value))
            {
                yield return value;
            }
        }
    }

    /// <summary>Enumerates the lines without allocating.</summary>
    public List<SdpAttribute>.Enumerator GetEnumerator() => _items.GetEnumerator();

    IEnumerator<SdpAttribute> IEnumerable<SdpAttribute>.GetEnumerator() => _items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _items.GetEnumerator();

    internal void EnsureCapacity(int count) => _items.EnsureCapacity(count);

    /// <summary>The number of a line that holds one, or <see langword="null"/>.</summary>
    internal uint? GetNumber(string name)
    {
        var index = IndexOf(name);
        return index >= 0 && SdpText.TryParseNumber(_items[index].Value.Span, out var value) ? value : null;
    }
}
