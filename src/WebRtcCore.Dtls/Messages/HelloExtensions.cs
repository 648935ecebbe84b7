using WebRtcCore.Primitives;

namespace WebRtcCore.Dtls.Messages;

/// <summary>
/// The extensions of a ClientHello or ServerHello, in order (RFC 5246 7.4.1.4). An empty list is written as no block at all.
/// <code>
/// +--------+  +------+--------+------
/// | length |  | type | length | data   ...
/// +--------+  +------+--------+------
/// </code>
/// </summary>
internal sealed class HelloExtensions
{
    // Browsers send about a dozen.
    private const int MaxCount = 64;
    private readonly List<(ExtensionType Type, byte[] Data)> _items = [];

    public int EncodedLength
    {
        get
        {
            var length = 0;
            foreach (var (_, data) in _items)
            {
                length += 4 + data.Length;
            }

            return length == 0 ? 0 : length + 2;
        }
    }

    public IEnumerable<ExtensionType> Types => _items.Select(item => item.Type);

    /// <summary>Reads what is left of a hello: nothing, or one block that fills it. An extension that appears twice is an error.</summary>
    public static bool TryParse(ref SpanReader reader, out HelloExtensions extensions)
    {
        extensions = new HelloExtensions();
        if (reader.IsAtEnd)
        {
            return true;
        }

        if (!reader.TryReadVector16(out var block) || !reader.IsAtEnd)
        {
            return false;
        }

        var items = new SpanReader(block);
        while (!items.IsAtEnd)
        {
            if (!items.TryReadUInt16(out var type)
                || !items.TryReadVector16(out var data)
                || extensions.Contains((ExtensionType)type)
                || extensions._items.Count == MaxCount)
            {
                return false;
            }

            extensions.Add((ExtensionType)type, data);
        }

        return true;
    }

    public void Write(ref SpanWriter writer)
    {
        if (_items.Count == 0)
        {
            return;
        }

        writer.WriteUInt16((ushort)(EncodedLength - 2));
        foreach (var (type, data) in _items)
        {
            writer.WriteUInt16((ushort)type);
            writer.WriteUInt16((ushort)data.Length);
            writer.WriteBytes(data);
        }
    }

    public void Add(ExtensionType type, ReadOnlySpan<byte> data) => _items.Add((type, data.ToArray()));

    /// <summary>Adds an extension that is one vector of 16-bit values behind its 16-bit length (supported_groups, signature_algorithms).</summary>
    public void AddUInt16List(ExtensionType type, ReadOnlySpan<ushort> values)
    {
        var data = new byte[2 + (values.Length * 2)];
        var writer = new SpanWriter(data);
        writer.WriteUInt16((ushort)(values.Length * 2));
        foreach (var value in values)
        {
            writer.WriteUInt16(value);
        }

        _items.Add((type, data));
    }

    public bool Contains(ExtensionType type) => TryGet(type, out _);

    public bool TryGet(ExtensionType type, out ReadOnlySpan<byte> data)
    {
        foreach (var item in _items)
        {
            if (item.Type == type)
            {
                data = item.Data;
                return true;
            }
        }

        data = default;
        return false;
    }

    /// <summary>Reads an extension written as <see cref="AddUInt16List"/> does. <see langword="false"/> if it is absent or malformed.</summary>
    public bool TryGetUInt16List(ExtensionType type, out ushort[] values)
    {
        values = [];
        if (!TryGet(type, out var data))
        {
            return false;
        }

        var reader = new SpanReader(data);
        return reader.TryReadVector16(out var list) && reader.IsAtEnd && UInt16Vector.TryParse(list, out values);
    }
}
