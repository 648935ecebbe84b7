namespace WebRtcCore.Media.Matroska;

/// <summary>
/// Writes live tracks into a WebM or Matroska file (RFC 9559): WebM if all its codecs are VP8, VP9, AV1 and Opus. Where the stream can seek, duration, index
/// and cues are filled in at the end; elsewhere the file can be played from the beginning, also while it is written. One call at a time; the stream stays
/// the caller's.
/// </summary>
/// <remarks>
/// The header needs the first key frame of each video track: until it is there, frames wait (at most <see cref="MaxWaitingBytes"/>), and video that cannot be
/// decoded yet is left out. Frames may come a little out of order between tracks, as a network brings them, but within a track in order.
/// </remarks>
public sealed class MatroskaWriter : IAsyncDisposable
{
    /// <summary>The most bytes that wait for the header.</summary>
    public const int MaxWaitingBytes = 64 * 1024 * 1024;

    /// <summary>The most tracks of a file.</summary>
    public const int MaxTracks = 126;

    internal const int G711SampleRate = 8_000;
    private const int MaxClusterBytes = 8 * 1024 * 1024;

    private readonly Stream _stream;
    private readonly MatroskaWriterOptions _options;
    private readonly List<MatroskaTrack> _tracks = [];
    private readonly Queue<WaitingFrame> _waiting = new();
    private readonly MatroskaCluster _cluster = new();
    private readonly EbmlBuffer _cues = new();
    private readonly EbmlBuffer _output = new();
    private MatroskaHeader? _header;
    private long _start;
    private long _position;
    private long _waitingBytes;
    private TimeSpan _firstWaiting;
    private bool _completed;

    /// <summary>Creates a writer; add the tracks, then write frames.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public MatroskaWriter(Stream stream, MatroskaWriterOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _options = options ?? new MatroskaWriterOptions();
        _options.Validate();
        _stream = stream;
    }

    /// <summary>From 0 to the end of the last frame.</summary>
    public TimeSpan Duration { get; private set; }

    /// <summary>Adds a track of pictures, or of sound in stereo (Opus) or mono (G.711).</summary>
    /// <exception cref="InvalidOperationException">A frame has been written already, or there are too many tracks.</exception>
    public MatroskaTrack AddTrack(MatroskaCodec codec) => AddTrack(codec, codec == MatroskaCodec.Opus ? 2 : 1);

    /// <summary>Adds a track.</summary>
    /// <param name="codec">Its codec.</param>
    /// <param name="channels">Channels of sound, 1 or 2; not used for video.</param>
    /// <exception cref="InvalidOperationException">A frame has been written already, or there are too many tracks.</exception>
    public MatroskaTrack AddTrack(MatroskaCodec codec, int channels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(channels, 2);
        if (!Enum.IsDefined(codec))
        {
            throw new ArgumentOutOfRangeException(nameof(codec));
        }

        if (_header is not null || _waiting.Count > 0 || _tracks.Count == MaxTracks)
        {
            throw new InvalidOperationException("Tracks are added before the first frame, and not too many.");
        }

        var track = new MatroskaTrack(_tracks.Count + 1, codec, channels);
        _tracks.Add(track);
        return track;
    }

    /// <summary>Writes a frame of a track. One that came behind a later one of its track, or cannot be decoded, is left out and counted.</summary>
    /// <param name="track">The track.</param>
    /// <param name="timestamp">When it is shown or heard, from the beginning of the file; not negative. Times of a track in the file are a millisecond apart at least.</param>
    /// <param name="frame">The encoded bytes, borrowed.</param>
    /// <param name="isKeyFrame">Whether a decoder can begin with it; always so for sound.</param>
    /// <param name="cancellationToken">Ends a write; the file is not usable after that.</param>
    /// <exception cref="ArgumentException">The track is of another file.</exception>
    /// <exception cref="InvalidOperationException">The writer is completed.</exception>
    public async ValueTask WriteAsync(MatroskaTrack track, TimeSpan timestamp, ReadOnlyMemory<byte> frame, bool isKeyFrame, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(track);
        ArgumentOutOfRangeException.ThrowIfLessThan(timestamp, TimeSpan.Zero);
        if (!_tracks.Contains(track))
        {
            throw new ArgumentException("The track is of another file.", nameof(track));
        }

        if (_completed)
        {
            throw new InvalidOperationException("The file is complete.");
        }

        if (!TryConfigure(track, frame.Span, isKeyFrame) || timestamp < track.LastTimestamp || !TryConvert(track, frame, out var converted))
        {
            track.FramesDropped++;
        }
        else
        {
            track.LastDuration = timestamp - (track.LastTimestamp ?? timestamp);
            track.LastTimestamp = timestamp;
            track.Frames++;
            Duration = TimeSpan.FromTicks(Math.Max(Duration.Ticks, (timestamp + track.LastDuration).Ticks));
            await AddAsync(new WaitingFrame(track, timestamp, [], isKeyFrame || !track.IsVideo), converted, cancellationToken).ConfigureAwait(false);
        }

        if (_header is null && IsHeaderDue(timestamp))
        {
            await WriteHeaderAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Ends the file. Does nothing a second time.</summary>
    public async ValueTask CompleteAsync(CancellationToken cancellationToken = default)
    {
        if (_completed)
        {
            return;
        }

        _completed = true;
        if (_header is null)
        {
            await WriteHeaderAsync(cancellationToken).ConfigureAwait(false);
        }

        await FlushClusterAsync(cancellationToken).ConfigureAwait(false);
        if (_stream.CanSeek)
        {
            await FinishHeaderAsync(cancellationToken).ConfigureAwait(false);
        }

        await _stream.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>As <see cref="CompleteAsync"/>.</summary>
    public ValueTask DisposeAsync() => CompleteAsync();

    // Whether the track can take frames: its header is known, or is now.
    private static bool TryConfigure(MatroskaTrack track, ReadOnlySpan<byte> frame, bool isKeyFrame)
    {
        if (track.Configuration is null && isKeyFrame && !track.IsLeftOut)
        {
            track.Configuration = TrackConfiguration.OfVideo(track.Codec, frame);
        }

        return track.Configuration is not null && !track.IsLeftOut && !frame.IsEmpty;
    }

    private static bool TryConvert(MatroskaTrack track, ReadOnlyMemory<byte> frame, out ReadOnlyMemory<byte> converted)
    {
        converted = frame;
        switch (track.Codec)
        {
            case MatroskaCodec.Av1:
                converted = Av1Configuration.StripDelimiter(frame);
                return !converted.IsEmpty;
            case MatroskaCodec.H264:
                var isStream = AvcConfiguration.TryConvert(frame.Span, out var bytes);
                converted = bytes;
                return isStream;
            default:
                return true;
        }
    }

    private bool IsHeaderDue(TimeSpan now)
    {
        if (_tracks.TrueForAll(t => t.Configuration is not null))
        {
            return true;
        }

        return _waiting.Count > 0 && (now - _firstWaiting > _options.MaxHeaderDelay || _waitingBytes > MaxWaitingBytes);
    }

    private async ValueTask AddAsync(WaitingFrame frame, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        if (_header is not null)
        {
            await AddToClusterAsync(frame, data, cancellationToken).ConfigureAwait(false);
            return;
        }

        _firstWaiting = _waiting.Count == 0 ? frame.Timestamp : _firstWaiting;
        _waitingBytes += data.Length;
        _waiting.Enqueue(frame with { Data = data.ToArray() });
    }

    private async ValueTask WriteHeaderAsync(CancellationToken cancellationToken)
    {
        foreach (var track in _tracks)
        {
            track.IsLeftOut = track.Configuration is null;
        }

        _header = new MatroskaHeader([.. _tracks.Where(t => !t.IsLeftOut)]);
        _start = _stream.CanSeek ? _stream.Position : 0;
        _position = _header.Bytes.Length;
        await _stream.WriteAsync(_header.Bytes, cancellationToken).ConfigureAwait(false);
        while (_waiting.TryDequeue(out var frame))
        {
            await AddToClusterAsync(frame, frame.Data, cancellationToken).ConfigureAwait(false);
        }

        _waitingBytes = 0;
    }

    private async ValueTask AddToClusterAsync(WaitingFrame frame, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        // A hurried sender's pictures can be less than a tick apart: players want each later than the one before.
        var timestamp = Math.Max((long)frame.Timestamp.TotalMilliseconds, frame.Track.NextTick);
        frame.Track.NextTick = timestamp + 1;
        var hasVideo = _tracks.Exists(t => t.IsVideo && !t.IsLeftOut);

        // Players begin at key frames of video; where there is none, anywhere.
        var isCue = frame.IsKeyFrame && frame.Track.IsVideo == hasVideo;
        if (!_cluster.IsEmpty && EndsCluster(timestamp, isCue && hasVideo))
        {
            await FlushClusterAsync(cancellationToken).ConfigureAwait(false);
        }

        _cluster.Add(frame.Track, timestamp, data.Span, frame.IsKeyFrame, isCue);
    }

    private bool EndsCluster(long timestamp, bool isVideoKeyFrame) =>
        isVideoKeyFrame || !_cluster.Reaches(timestamp) || _cluster.Length > MaxClusterBytes
        || timestamp - _cluster.Timestamp >= (long)_options.MaxClusterDuration.TotalMilliseconds;

    private async ValueTask FlushClusterAsync(CancellationToken cancellationToken)
    {
        if (_cluster.IsEmpty)
        {
            return;
        }

        if (_cluster.CueTrack != 0)
        {
            AddCue();
        }

        _cluster.WriteTo(_output);
        await WriteOutputAsync(cancellationToken).ConfigureAwait(false);
    }

    private void AddCue()
    {
        var positions = new EbmlBuffer();
        positions.WriteUnsigned(MatroskaId.CueTrack, (ulong)_cluster.CueTrack);
        positions.WriteUnsigned(MatroskaId.CueClusterPosition, (ulong)(_position - _header!.SegmentDataOffset));
        var point = new EbmlBuffer();
        point.WriteUnsigned(MatroskaId.CueTime, (ulong)_cluster.Timestamp);
        point.WriteMaster(MatroskaId.CueTrackPositions, positions);
        _cues.WriteMaster(MatroskaId.CuePoint, point);
    }

    private async ValueTask FinishHeaderAsync(CancellationToken cancellationToken)
    {
        var header = _header!;
        if (_cues.Length > 0)
        {
            var cuesPosition = _position - header.SegmentDataOffset;
            _output.WriteMaster(MatroskaId.Cues, _cues);
            await WriteOutputAsync(cancellationToken).ConfigureAwait(false);
            await PatchAsync(header.SegmentDataOffset, header.MakeSeekHead(cuesPosition), cancellationToken).ConfigureAwait(false);
        }

        await PatchAsync(header.DurationOffset, MatroskaHeader.MakeDuration(Duration), cancellationToken).ConfigureAwait(false);
        _output.WriteLongHead(MatroskaId.Segment, _position - header.SegmentDataOffset);
        await PatchAsync(header.SegmentOffset, _output.Written, cancellationToken).ConfigureAwait(false);
        _output.Clear();
        _stream.Position = _start + _position;
    }

    private async ValueTask WriteOutputAsync(CancellationToken cancellationToken)
    {
        await _stream.WriteAsync(_output.Written, cancellationToken).ConfigureAwait(false);
        _position += _output.Length;
        _output.Clear();
    }

    private ValueTask PatchAsync(int offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        _stream.Position = _start + offset;
        return _stream.WriteAsync(bytes, cancellationToken);
    }
}
