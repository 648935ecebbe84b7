using System.Text.Json.Serialization;

namespace SendMedia;

/// <summary>A layer, as the page shows it.</summary>
internal sealed record LayerStatus(int Height, double Kilobits);

/// <summary>What a viewer's page is told.</summary>
internal sealed record ViewerStatus(string Source, int Viewers, int Layer, IReadOnlyList<LayerStatus> Layers)
{
    /// <summary>What congestion control allows for the pictures, in kilobits per second.</summary>
    public double? TargetKilobits { get; init; }
}

/// <summary>The JSON on the channel "info".</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ViewerStatus))]
internal sealed partial class InfoJsonContext : JsonSerializerContext;
