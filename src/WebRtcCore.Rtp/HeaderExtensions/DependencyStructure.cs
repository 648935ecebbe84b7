namespace WebRtcCore.Rtp.HeaderExtensions;

/// <summary>The layers of a stream and how its frames depend on one another, sent with key frames (RTP Payload Format for AV1, A.8.2). Immutable.</summary>
public sealed record DependencyStructure
{
    /// <summary>The most templates.</summary>
    public const int MaxTemplates = 64;

    /// <summary>The most decode targets.</summary>
    public const int MaxDecodeTargets = 32;

    private const int MaxSpatialId = 3;
    private const int MaxTemporalId = 7;

    /// <summary>The number of the first template, 0 to 63.</summary>
    public int TemplateIdOffset { get; init; }

    /// <summary>How many decode targets there are, 1 to 32.</summary>
    public int DecodeTargetCount { get; init; } = 1;

    /// <summary>The templates, ordered by spatial, then temporal layer.</summary>
    public IReadOnlyList<FrameTemplate> Templates { get; init; } = [];

    /// <summary>How many chains there are.</summary>
    public int ChainCount { get; init; }

    /// <summary>For each decode target, the chain that protects it; empty without chains.</summary>
    public IReadOnlyList<int> ProtectingChains { get; init; } = [];

    /// <summary>The size of each spatial layer's pictures in pixels; empty where it is not said.</summary>
    public IReadOnlyList<(int Width, int Height)> Resolutions { get; init; } = [];

    /// <summary>The highest spatial layer.</summary>
    public int HighestSpatialId => Templates.Count == 0 ? 0 : Templates[^1].SpatialId;

    internal static DependencyStructure? Read(ref BitReader reader)
    {
        var offset = (int)reader.Read(6);
        var targetCount = (int)reader.Read(5) + 1;
        if (!TryReadLayers(ref reader, out var layers))
        {
            return null;
        }

        var targets = new DecodeTargetIndication[layers.Count][];
        for (var i = 0; i < layers.Count; i++)
        {
            targets[i] = new DecodeTargetIndication[targetCount];
            for (var target = 0; target < targetCount; target++)
            {
                targets[i][target] = (DecodeTargetIndication)reader.Read(2);
            }
        }

        var distances = new int[layers.Count][];
        for (var i = 0; i < layers.Count; i++)
        {
            distances[i] = ReadDistances(ref reader);
        }

        var chainCount = (int)reader.ReadNonSymmetric((uint)targetCount + 1);
        var protecting = new int[chainCount == 0 ? 0 : targetCount];
        for (var target = 0; target < protecting.Length; target++)
        {
            protecting[target] = (int)reader.ReadNonSymmetric((uint)chainCount);
        }

        var templates = new FrameTemplate[layers.Count];
        for (var i = 0; i < layers.Count; i++)
        {
            var chains = new int[chainCount];
            for (var chain = 0; chain < chainCount; chain++)
            {
                chains[chain] = (int)reader.Read(4);
            }

            templates[i] = new FrameTemplate
            {
                SpatialId = layers[i].Spatial,
                TemporalId = layers[i].Temporal,
                DecodeTargets = targets[i],
                FrameDistances = distances[i],
                ChainDistances = chains,
            };
        }

        var resolutions = new (int Width, int Height)[reader.ReadFlag() ? layers[^1].Spatial + 1 : 0];
        for (var i = 0; i < resolutions.Length; i++)
        {
            resolutions[i] = ((int)reader.Read(16) + 1, (int)reader.Read(16) + 1);
        }

        return reader.HasFailed ? null : new DependencyStructure
        {
            TemplateIdOffset = offset,
            DecodeTargetCount = targetCount,
            Templates = templates,
            ChainCount = chainCount,
            ProtectingChains = protecting,
            Resolutions = resolutions,
        };
    }

    internal void Write(ref BitWriter writer)
    {
        writer.Write((uint)TemplateIdOffset, 6);
        writer.Write((uint)DecodeTargetCount - 1, 5);
        for (var i = 0; i < Templates.Count; i++)
        {
            writer.Write(GetNextLayer(i), 2);
        }

        foreach (var template in Templates)
        {
            foreach (var target in template.DecodeTargets)
            {
                writer.Write((uint)target, 2);
            }
        }

        foreach (var template in Templates)
        {
            foreach (var distance in template.FrameDistances)
            {
                writer.WriteFlag(true);
                writer.Write((uint)distance - 1, 4);
            }

            writer.WriteFlag(false);
        }

        writer.WriteNonSymmetric((uint)ChainCount, (uint)DecodeTargetCount + 1);
        foreach (var chain in ProtectingChains)
        {
            writer.WriteNonSymmetric((uint)chain, (uint)ChainCount);
        }

        foreach (var template in Templates)
        {
            foreach (var chain in template.ChainDistances)
            {
                writer.Write((uint)chain, 4);
            }
        }

        writer.WriteFlag(Resolutions.Count > 0);
        foreach (var (width, height) in Resolutions)
        {
            writer.Write((uint)width - 1, 16);
            writer.Write((uint)height - 1, 16);
        }
    }

    // next_layer_idc: 0 the same layer, 1 the next temporal one, 2 the next spatial one, 3 no more.
    private static bool TryReadLayers(ref BitReader reader, out List<(int Spatial, int Temporal)> layers)
    {
        layers = [];
        var (spatial, temporal) = (0, 0);
        while (!reader.HasFailed && layers.Count < MaxTemplates)
        {
            layers.Add((spatial, temporal));
            switch (reader.Read(2))
            {
                case 1:
                    temporal++;
                    break;
                case 2:
                    temporal = 0;
                    spatial++;
                    break;
                case 3:
                    return !reader.HasFailed;
                default:
                    break;
            }

            if (spatial > MaxSpatialId || temporal > MaxTemporalId)
            {
                return false;
            }
        }

        return false;
    }

    private static int[] ReadDistances(ref BitReader reader)
    {
        var distances = new List<int>();
        while (reader.ReadFlag())
        {
            distances.Add((int)reader.Read(4) + 1);
        }

        return [.. distances];
    }

    private uint GetNextLayer(int index)
    {
        if (index == Templates.Count - 1)
        {
            return 3;
        }

        return Templates[index + 1].SpatialId > Templates[index].SpatialId ? 2u : Templates[index + 1].TemporalId > Templates[index].TemporalId ? 1u : 0;
    }
}
