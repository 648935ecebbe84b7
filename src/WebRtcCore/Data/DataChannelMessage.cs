using System.Text;

namespace WebRtcCore;

/// <summary>A received message. Its bytes belong to whoever received it.</summary>
public readonly struct DataChannelMessage : IEquatable<DataChannelMessage>
{
    /// <summary>Creates a message.</summary>
    public DataChannelMessage(ReadOnlyMemory<byte> data, bool isText)
    {
        Data = data;
        IsText = isText;
    }

    /// <summary>The bytes; UTF-8 if <see cref="IsText"/>.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>Whether the peer sent a string. (There is no <c>binaryType</c> in .NET: binary data is always bytes.)</summary>
    public bool IsText { get; }

    /// <summary>The string of a text message, or the bytes read as UTF-8.</summary>
    public string Text => Encoding.UTF8.GetString(Data.Span);

    /// <inheritdoc/>
    public bool Equals(DataChannelMessage other) => IsText == other.IsText && Data.Span.SequenceEqual(other.Data.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is DataChannelMessage other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(IsText, Data.Length);

    /// <summary>Whether kind and bytes are equal.</summary>
    public static bool operator ==(DataChannelMessage left, DataChannelMessage right) => left.Equals(right);

    /// <summary>Whether kind or bytes differ.</summary>
    public static bool operator !=(DataChannelMessage left, DataChannelMessage right) => !left.Equals(right);
}
