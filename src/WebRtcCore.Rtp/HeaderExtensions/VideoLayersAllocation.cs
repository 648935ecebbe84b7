using WebRtcCore.Primitives;
using WebRtcCore.Rtp.Payloads;

namespace WebRtcCore.Rtp.HeaderExtensions;

/// <summary>
/// Which layers of a simulcast or scalable video are sent at which bit rates (the video-layers-allocation extension of the WebRTC project); sent with key frames and
/// when it changes. Immutable.
/// </summary>
/// <remarks>
/// <code>
/// |RID| NS| sl_bm |   this stream, streams - 1, spatial layers of all streams; 0: one half byte for each stream follows
/// |tl|tl|tl|tl| ...   temporal layers - 1 of each spatial layer that is sent, two bits each
/// bit rates in kbit/s of each temporal layer, those below included (leb128)
/// width - 1 (16), height - 1 (16), frame rate (8) of each spatial layer; may be missing
/// </code>
/// </remarks>
public sealed record VideoLayersAllocation
{
    private const int MaxStreams = 4;
    private const int MaxSpatialLayers = 4;
    private const int ResolutionLength = 5;

    /// <summary>The number of the stream that the packet belongs to, 0 to 3.</summary>
    public int StreamIndex { get; init; }

    /// <summary>The layers that are sent, ordered by stream and spatial layer; empty if nothing is.</summary>
    public IReadOnlyList<VideoLayerAllocation> Layers { get; init; } = [];

    /// <summary>Reads the value of a header extension element.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out VideoLayersAllocation? allocation)
    {
        allocation = null;
        var reader = new SpanReader(value);
        if (!reader.TryReadByte(out var first))
        {
            return false;
        }

        if (value.Length == 1)
        {
            // A byte alone: nothing is sent.
            allocation = new VideoLayersAllocation { StreamIndex = first >> 6 };
            return first is 0 or 0x40 or 0x80 or 0xC0;
        }

        var streams = ((first >> 4) & 0x03) + 1;
        Span<byte> masks = stackalloc byte[MaxStreams];
        masks[..streams].Fill((byte)(first & 0x0F));
        if ((first & 0x0F) == 0 && !TryReadMasks(ref reader, masks[..streams]))
        {
            return false;
        }

        var layers = new List<VideoLayerAllocation>();
        for (var stream = 0; stream < streams; stream++)
        {
            for (var spatial = 0; spatial < MaxSpatialLayers; spatial++)
            {
                if ((masks[stream] & (1 << spatial)) != 0)
                {
                    layers.Add(new VideoLayerAllocation { StreamIndex = stream, SpatialId = spatial });
                }
            }
        }

        if (!TryReadRates(ref reader, layers) || !TryReadResolutions(ref reader, layers))
        {
            return false;
        }

        allocation = new VideoLayersAllocation { StreamIndex = first >> 6, Layers = layers };
        return true;
    }

    /// <summary>Writes the value of a header extension element.</summary>
    /// <param name="destination">Where to, at least 255 bytes.</param>
    /// <returns>The bytes written.</returns>
    public int Write(Span<byte> destination)
    {
        var writer = new SpanWriter(destination);
        if (Layers.Count == 0)
        {
            writer.WriteByte((byte)(StreamIndex << 6));
            return writer.Position;
        }

        Span<byte> masks = stackalloc byte[MaxStreams];
        masks.Clear();
        foreach (var layer in Layers)
        {
            masks[layer.StreamIndex] |= (byte)(1 << layer.SpatialId);
        }

        var streams = Layers[^1].StreamIndex + 1;
        var isCommon = masks[..streams].IndexOfAnyExcept(masks[0]) < 0;
        writer.WriteByte((byte)((StreamIndex << 6) | ((streams - 1) << 4) | (isCommon ? masks[0] : 0)));
        for (var stream = 0; !isCommon && stream < streams; stream += 2)
        {
            writer.WriteByte((byte)((masks[stream] << 4) | (stream + 1 < streams ? masks[stream + 1] : 0)));
        }

        for (var i = 0; i < Layers.Count; i += 4)
        {
            var bits = 0;
            for (var j = 0; j < 4; j++)
            {
                bits = (bits << 2) | (i + j < Layers.Count ? Layers[i + j].BitratesKbps.Count - 1 : 0);
            }

            writer.WriteByte((byte)bits);
        }

        foreach (var layer in Layers)
        {
            foreach (var bitrate in layer.BitratesKbps)
            {
                Leb128.Write(writer.Reserve(Leb128.GetLength(bitrate)), bitrate);
            }
        }

        if (Layers.All(layer => layer.Width > 0))
        {
            foreach (var layer in Layers)
            {
                writer.WriteUInt16((ushort)(layer.Width - 1));
                writer.WriteUInt16((ushort)(layer.Height - 1));
                writer.WriteByte((byte)layer.FrameRate);
            }
        }

        return writer.Position;
    }

    private static bool TryReadMasks(ref SpanReader reader, scoped Span<byte> masks)
    {
        for (var stream = 0; stream < masks.Length; stream += 2)
        {
            if (!reader.TryReadByte(out var both))
            {
                return false;
            }

            masks[stream] = (byte)(both >> 4);
            if (stream + 1 < masks.Length)
            {
                masks[stream + 1] = (byte)(both & 0x0F);
            }
        }

        return true;
    }

    private static bool TryReadRates(ref SpanReader reader, List<VideoLayerAllocation> layers)
    {
        Span<int> counts = stackalloc int[MaxStreams * MaxSpatialLayers];
        byte bits = 0;
        for (var i = 0; i < layers.Count; i++)
        {
            if (i % 4 == 0 && !reader.TryReadByte(out bits))
            {
                return false;
            }

            counts[i] = ((bits >> (6 - (2 * (i % 4)))) & 0x03) + 1;
        }

        for (var i = 0; i < layers.Count; i++)
        {
            var rates = new int[counts[i]];
            for (var j = 0; j < rates.Length; j++)
            {
                if (!Leb128.TryRead(ref reader, out rates[j]))
                {
                    return false;
                }
            }

            layers[i] = layers[i] with { BitratesKbps = rates };
        }

        return true;
    }

    private static bool TryReadResolutions(ref SpanReader reader, List<VideoLayerAllocation> layers)
    {
        if (reader.IsAtEnd || reader.Remaining < layers.Count * ResolutionLength)
        {
            return reader.IsAtEnd;
        }

        for (var i = 0; i < layers.Count; i++)
        {
            if (!reader.TryReadUInt16(out var width) || !reader.TryReadUInt16(out var height) || !reader.TryReadByte(out var rate))
            {
                return false;
            }

            layers[i] = layers[i] with { Width = width + 1, Height = height + 1, FrameRate = rate };
        }

        return reader.IsAtEnd;
    }
}
