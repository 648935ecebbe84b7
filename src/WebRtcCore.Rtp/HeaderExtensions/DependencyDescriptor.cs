namespace WebRtcCore.Rtp.HeaderExtensions;

/// <summary>
/// What a frame depends on, and for which layers it is needed, readable without decoding it (the dependency descriptor of RTP Payload Format for AV1, Appendix A;
/// browsers use it for VP8, VP9 and H.264 too). Immutable.
/// </summary>
public sealed record DependencyDescriptor
{
    /// <summary>Bytes of a descriptor that says nothing of its own.</summary>
    public const int MinEncodedLength = 3;

    /// <summary>The most bytes of a header extension element.</summary>
    public const int MaxEncodedLength = 255;

    private const int MaxWideDistance = 1 << 12;

    /// <summary>Whether the packet is the first of its frame.</summary>
    public bool IsStartOfFrame { get; init; }

    /// <summary>Whether the packet is the last of its frame.</summary>
    public bool IsEndOfFrame { get; init; }

    /// <summary>The frame's number; wraps around at 65,536.</summary>
    public ushort FrameNumber { get; init; }

    /// <summary>The number of the template that the frame follows, 0 to 63.</summary>
    public int TemplateId { get; init; }

    /// <summary>The structure, in the first packet of a key frame; <see langword="null"/> elsewhere.</summary>
    public DependencyStructure? Structure { get; init; }

    /// <summary>The decode targets that are being sent, one bit each; <see langword="null"/> where nothing changes.</summary>
    public uint? ActiveDecodeTargets { get; init; }

    /// <summary>The frame as its template and its own fields describe it.</summary>
    public required FrameTemplate Frame { get; init; }

    /// <summary>The picture's size; <see langword="null"/> where it is not known.</summary>
    public (int Width, int Height)? Resolution { get; init; }

    /// <summary>Reads the value of a header extension element.</summary>
    /// <param name="value">The value.</param>
    /// <param name="structure">The last structure of the stream, or <see langword="null"/> before the first.</param>
    /// <param name="descriptor">The descriptor; if it has a structure of its own, that is the stream's from now on.</param>
    /// <returns><see langword="false"/> if it is malformed, or its structure is not known.</returns>
    public static bool TryParse(ReadOnlySpan<byte> value, DependencyStructure? structure, out DependencyDescriptor? descriptor)
    {
        descriptor = null;
        if (value.Length < MinEncodedLength)
        {
            return false;
        }

        var reader = new BitReader(value);
        var isStart = reader.ReadFlag();
        var isEnd = reader.ReadFlag();
        var templateId = (int)reader.Read(6);
        var number = (ushort)reader.Read(16);
        var (hasTargets, hasDistances, hasChains) = (false, false, false);
        DependencyStructure? own = null;
        uint? active = null;
        if (value.Length > MinEncodedLength)
        {
            var hasStructure = reader.ReadFlag();
            var hasActive = reader.ReadFlag();
            (hasTargets, hasDistances, hasChains) = (reader.ReadFlag(), reader.ReadFlag(), reader.ReadFlag());
            if (hasStructure)
            {
                own = DependencyStructure.Read(ref reader);
                if (own is null)
                {
                    return false;
                }

                structure = own;
                active = uint.MaxValue >> (DependencyStructure.MaxDecodeTargets - own.DecodeTargetCount);
            }

            active = hasActive ? reader.Read(structure?.DecodeTargetCount ?? 0) : active;
        }

        if (structure is null)
        {
            return false;
        }

        var index = (templateId + DependencyStructure.MaxTemplates - structure.TemplateIdOffset) % DependencyStructure.MaxTemplates;
        if (index >= structure.Templates.Count)
        {
            return false;
        }

        var frame = ReadFrame(ref reader, structure, structure.Templates[index], hasTargets, hasDistances, hasChains);
        if (reader.HasFailed)
        {
            return false;
        }

        descriptor = new DependencyDescriptor
        {
            IsStartOfFrame = isStart,
            IsEndOfFrame = isEnd,
            FrameNumber = number,
            TemplateId = templateId,
            Structure = own,
            ActiveDecodeTargets = active,
            Frame = frame,
            Resolution = structure.Resolutions.Count > frame.SpatialId ? structure.Resolutions[frame.SpatialId] : null,
        };
        return true;
    }

    /// <summary>Writes the value of a header extension element.</summary>
    /// <param name="destination">Where to; <see cref="MaxEncodedLength"/> bytes are always enough for what fits in an element.</param>
    /// <param name="structure">The structure of the stream: <see cref="Structure"/> where there is one, else the last one sent.</param>
    /// <param name="length">The bytes written.</param>
    /// <returns><see langword="false"/> if there is no room, or no template of the frame's layer in the structure.</returns>
    public bool TryWrite(Span<byte> destination, DependencyStructure structure, out int length)
    {
        ArgumentNullException.ThrowIfNull(structure);
        length = 0;
        var index = FindTemplate(structure);
        if (index < 0)
        {
            return false;
        }

        var template = structure.Templates[index];
        var hasTargets = !template.DecodeTargets.SequenceEqual(Frame.DecodeTargets);
        var hasDistances = !template.FrameDistances.SequenceEqual(Frame.FrameDistances);
        var hasChains = !template.ChainDistances.SequenceEqual(Frame.ChainDistances);
        var all = uint.MaxValue >> (DependencyStructure.MaxDecodeTargets - structure.DecodeTargetCount);
        var hasActive = ActiveDecodeTargets is { } targets && (Structure is null || targets != all);
        var writer = new BitWriter(destination);
        writer.WriteFlag(IsStartOfFrame);
        writer.WriteFlag(IsEndOfFrame);
        writer.Write((uint)((index + structure.TemplateIdOffset) % DependencyStructure.MaxTemplates), 6);
        writer.Write(FrameNumber, 16);
        if (Structure is not null || hasActive || hasTargets || hasDistances || hasChains)
        {
            writer.WriteFlag(Structure is not null);
            writer.WriteFlag(hasActive);
            writer.WriteFlag(hasTargets);
            writer.WriteFlag(hasDistances);
            writer.WriteFlag(hasChains);
            Structure?.Write(ref writer);
            writer.Write(ActiveDecodeTargets ?? 0, hasActive ? structure.DecodeTargetCount : 0);
            WriteFrame(ref writer, hasTargets, hasDistances, hasChains);
        }

        length = writer.Length;
        return !writer.HasFailed;
    }

    private static FrameTemplate ReadFrame(
        ref BitReader reader, DependencyStructure structure, FrameTemplate template, bool hasTargets, bool hasDistances, bool hasChains)
    {
        var frame = template;
        if (hasTargets)
        {
            var targets = new DecodeTargetIndication[structure.DecodeTargetCount];
            for (var i = 0; i < targets.Length; i++)
            {
                targets[i] = (DecodeTargetIndication)reader.Read(2);
            }

            frame = frame with { DecodeTargets = targets };
        }

        if (hasDistances)
        {
            var distances = new List<int>();
            for (var size = (int)reader.Read(2); size > 0; size = (int)reader.Read(2))
            {
                distances.Add((int)reader.Read(4 * size) + 1);
            }

            frame = frame with { FrameDistances = distances };
        }

        if (hasChains)
        {
            var chains = new int[structure.ChainCount];
            for (var i = 0; i < chains.Length; i++)
            {
                chains[i] = (int)reader.Read(8);
            }

            frame = frame with { ChainDistances = chains };
        }

        return frame;
    }

    private void WriteFrame(ref BitWriter writer, bool hasTargets, bool hasDistances, bool hasChains)
    {
        foreach (var target in hasTargets ? Frame.DecodeTargets : [])
        {
            writer.Write((uint)target, 2);
        }

        if (hasDistances)
        {
            foreach (var distance in Frame.FrameDistances)
            {
                var size = distance <= 16 ? 1 : distance <= 256 ? 2 : 3;
                writer.Write((uint)size, 2);
                writer.Write((uint)Math.Min(distance, MaxWideDistance) - 1, 4 * size);
            }

            writer.Write(0, 2);
        }

        foreach (var chain in hasChains ? Frame.ChainDistances : [])
        {
            writer.Write((uint)chain, 8);
        }
    }

    // The template of the layer that leaves least to say: its own number first, then one that is equal, then any.
    private int FindTemplate(DependencyStructure structure)
    {
        var found = -1;
        var best = -1;
        for (var i = 0; i < structure.Templates.Count; i++)
        {
            var template = structure.Templates[i];
            if (template.SpatialId != Frame.SpatialId || template.TemporalId != Frame.TemporalId)
            {
                continue;
            }

            var isOwn = (i + structure.TemplateIdOffset) % DependencyStructure.MaxTemplates == TemplateId;
            var score = (template.DecodeTargets.SequenceEqual(Frame.DecodeTargets) ? 2 : 0) + (template.FrameDistances.SequenceEqual(Frame.FrameDistances) ? 2 : 0)
                + (template.ChainDistances.SequenceEqual(Frame.ChainDistances) ? 2 : 0) + (isOwn ? 7 : 0);
            if (score > best)
            {
                (found, best) = (i, score);
            }
        }

        return found;
    }
}
