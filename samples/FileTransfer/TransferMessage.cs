using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using WebRtcCore;

namespace FileTransfer;

/// <summary>One text message of the protocol that README.md describes.</summary>
internal sealed record TransferMessage(string? Type)
{
    /// <summary>The version of the protocol, announced in "hello".</summary>
    public const int ProtocolVersion = 1;

    private const int MaxBytes = 16 * 1024;

    public int? Version { get; init; }

    /// <summary>How many files the sender of a "hello" will offer.</summary>
    public int? Files { get; init; }

    /// <summary>Whether the sender of a "hello" takes files.</summary>
    public bool? Receives { get; init; }

    public string? Name { get; init; }

    public long? Size { get; init; }

    /// <summary>Milliseconds since 1970, as <c>File.lastModified</c> of a browser.</summary>
    public long? LastModified { get; init; }

    public long? Offset { get; init; }

    /// <summary>64 hexadecimal digits.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Why a transfer is cancelled, as a sentence.</summary>
    public string? Reason { get; init; }

    /// <summary>Reads a message; false where it is none.</summary>
    public static bool TryParse(DataChannelMessage received, [NotNullWhen(true)] out TransferMessage? message)
    {
        message = null;
        if (!received.IsText || received.Data.Length > MaxBytes)
        {
            return false;
        }

        try
        {
            message = JsonSerializer.Deserialize(received.Data.Span, TransferJsonContext.Default.TransferMessage);
            return message?.Type is not null;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    public string ToJson() => JsonSerializer.Serialize(this, TransferJsonContext.Default.TransferMessage);
}

/// <summary>The JSON of <see cref="TransferMessage"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TransferMessage))]
internal sealed partial class TransferJsonContext : JsonSerializerContext;
