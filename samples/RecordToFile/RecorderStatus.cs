using System.Text.Json.Serialization;

namespace RecordToFile;

/// <summary>A file that is complete.</summary>
internal sealed record FinishedFile(string Name, double Seconds, long Bytes);

/// <summary>How a recording stands, as the page shows it.</summary>
internal sealed record RecorderStatus(RecorderState State)
{
    /// <summary>The file that is being written.</summary>
    public string? File { get; init; }

    public double Seconds { get; init; }

    public long Bytes { get; init; }

    public long VideoFrames { get; init; }

    /// <summary>Kilobits per second of the last second.</summary>
    public double VideoKilobits { get; init; }

    public double AudioKilobits { get; init; }

    /// <summary>The call's files that are complete, oldest first.</summary>
    public IReadOnlyList<FinishedFile> Files { get; init; } = [];

    /// <summary>What went wrong, as a sentence.</summary>
    public string? Error { get; init; }
}

/// <summary>What the page asks for: record, pause, resume or stop.</summary>
internal sealed record RecorderCommand(string? Type);

/// <summary>The JSON on the channel "control".</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RecorderStatus))]
[JsonSerializable(typeof(RecorderCommand))]
internal sealed partial class ControlJsonContext : JsonSerializerContext;
