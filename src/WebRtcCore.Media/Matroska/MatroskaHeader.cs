namespace WebRtcCore.Media.Matroska;

/// <summary>
/// What stands before the first cluster: the EBML header, the head of the segment, room for the index of its parts and for the duration, and the tracks.
/// </summary>
internal sealed class MatroskaHeader
{
    private const uint NanosecondsPerTick = 1_000_000;
    private const ulong VideoTrackType = 1;
    private const ulong AudioTrackType = 2;

    // RFC 9559: 80 ms, what an Opus decoder needs to settle.
    private const ulong OpusSeekPreRollNanoseconds = 80_000_000;

    // Three entries of at most 21 bytes each, and the head.
    private const int SeekHeadLength = 96;
    private const int DurationLength = 2 + 1 + sizeof(double);

    private readonly EbmlBuffer _bytes = new();

    public MatroskaHeader(IReadOnlyList<MatroskaTrack> tracks)
    {
        WriteEbml(tracks.All(t => t.IsWebM));
        SegmentOffset = _bytes.Length;
        _bytes.WriteLongHead(MatroskaId.Segment, null);
        SegmentDataOffset = _bytes.Length;
        _bytes.WriteVoid(SeekHeadLength);
        InfoPosition = _bytes.Length - SegmentDataOffset;
        WriteInfo();
        TracksPosition = _bytes.Length - SegmentDataOffset;
        WriteTracks(tracks);
    }

    public ReadOnlyMemory<byte> Bytes => _bytes.Written;

    /// <summary>Where the segment's head is; its length is filled in at the end.</summary>
    public int SegmentOffset { get; }

    /// <summary>Where positions within the segment count from, and the index goes.</summary>
    public int SegmentDataOffset { get; }

    /// <summary>Where the duration goes.</summary>
    public int DurationOffset { get; private set; }

    private int InfoPosition { get; }

    private int TracksPosition { get; }

    /// <summary>The index of the segment's parts, exactly as long as its room.</summary>
    public ReadOnlyMemory<byte> MakeSeekHead(long cuesPosition)
    {
        var entries = new EbmlBuffer();
        AddSeek(entries, MatroskaId.Info, InfoPosition);
        AddSeek(entries, MatroskaId.Tracks, TracksPosition);
        AddSeek(entries, MatroskaId.Cues, cuesPosition);
        var result = new EbmlBuffer();
        result.WriteMaster(MatroskaId.SeekHead, entries);
        result.WriteVoid(SeekHeadLength - result.Length);
        return result.Written;
    }

    /// <summary>The duration, exactly as long as its room.</summary>
    public static ReadOnlyMemory<byte> MakeDuration(TimeSpan duration)
    {
        var result = new EbmlBuffer();
        result.WriteFloat(MatroskaId.Duration, duration.TotalMilliseconds);
        return result.Written;
    }

    private static void AddSeek(EbmlBuffer entries, uint id, long position)
    {
        var seek = new EbmlBuffer();
        seek.WriteBinary(MatroskaId.SeekId, [(byte)(id >> 24), (byte)(id >> 16), (byte)(id >> 8), (byte)id]);
        seek.WriteUnsigned(MatroskaId.SeekPosition, (ulong)position);
        entries.WriteMaster(MatroskaId.Seek, seek);
    }

    private void WriteEbml(bool isWebM)
    {
        var ebml = new EbmlBuffer();
        ebml.WriteUnsigned(MatroskaId.EbmlVersion, 1);
        ebml.WriteUnsigned(MatroskaId.EbmlReadVersion, 1);
        ebml.WriteUnsigned(MatroskaId.EbmlMaxIdLength, 4);
        ebml.WriteUnsigned(MatroskaId.EbmlMaxSizeLength, 8);
        ebml.WriteText(MatroskaId.DocType, isWebM ? "webm" : "matroska");

        // Version 4 has SeekPreRoll; a reader of version 2 finds its way.
        ebml.WriteUnsigned(MatroskaId.DocTypeVersion, 4);
        ebml.WriteUnsigned(MatroskaId.DocTypeReadVersion, 2);
        _bytes.WriteMaster(MatroskaId.Ebml, ebml);
    }

    private void WriteInfo()
    {
        var info = new EbmlBuffer();
        info.WriteUnsigned(MatroskaId.TimestampScale, NanosecondsPerTick);
        info.WriteText(MatroskaId.MuxingApp, "WebRtcCore");
        info.WriteText(MatroskaId.WritingApp, "WebRtcCore");
        var durationPosition = info.Length;
        info.WriteVoid(DurationLength);
        DurationOffset = _bytes.Length + EbmlBuffer.GetHeadLength(MatroskaId.Info, info.Length) + durationPosition;
        _bytes.WriteMaster(MatroskaId.Info, info);
    }

    private void WriteTracks(IReadOnlyList<MatroskaTrack> tracks)
    {
        var all = new EbmlBuffer();
        foreach (var track in tracks)
        {
            all.WriteMaster(MatroskaId.TrackEntry, MakeEntry(track));
        }

        _bytes.WriteMaster(MatroskaId.Tracks, all);
    }

    private static EbmlBuffer MakeEntry(MatroskaTrack track)
    {
        var configuration = track.Configuration!;
        var entry = new EbmlBuffer();
        entry.WriteUnsigned(MatroskaId.TrackNumber, (ulong)track.Number);
        entry.WriteUnsigned(MatroskaId.TrackUid, (ulong)track.Number);
        entry.WriteUnsigned(MatroskaId.TrackType, track.IsVideo ? VideoTrackType : AudioTrackType);
        entry.WriteUnsigned(MatroskaId.FlagLacing, 0);
        entry.WriteText(MatroskaId.CodecId, GetCodecId(track.Codec));
        if (configuration.Private is { } bytes)
        {
            entry.WriteBinary(MatroskaId.CodecPrivate, bytes);
        }

        if (track.Codec == MatroskaCodec.Opus)
        {
            entry.WriteUnsigned(MatroskaId.SeekPreRoll, OpusSeekPreRollNanoseconds);
        }

        var details = new EbmlBuffer();
        if (track.IsVideo)
        {
            details.WriteUnsigned(MatroskaId.PixelWidth, (ulong)configuration.Size.Width);
            details.WriteUnsigned(MatroskaId.PixelHeight, (ulong)configuration.Size.Height);
            entry.WriteMaster(MatroskaId.Video, details);
        }
        else
        {
            details.WriteFloat(MatroskaId.SamplingFrequency, track.Codec == MatroskaCodec.Opus ? Ogg.OpusPacket.ClockRate : MatroskaWriter.G711SampleRate);
            details.WriteUnsigned(MatroskaId.Channels, (ulong)track.Channels);
            entry.WriteMaster(MatroskaId.Audio, details);
        }

        return entry;
    }

    private static string GetCodecId(MatroskaCodec codec) => codec switch
    {
        MatroskaCodec.Vp8 => "V_VP8",
        MatroskaCodec.Vp9 => "V_VP9",
        MatroskaCodec.Av1 => "V_AV1",
        MatroskaCodec.H264 => "V_MPEG4/ISO/AVC",
        MatroskaCodec.Opus => "A_OPUS",
        _ => "A_MS/ACM",
    };
}
