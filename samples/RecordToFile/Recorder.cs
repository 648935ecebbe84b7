using System.Globalization;
using System.Security.Cryptography;
using WebRtcCore;

namespace RecordToFile;

/// <summary>
/// Records the frames of one call, whenever it is told to: a recording begins with a key frame, goes on through pauses, and becomes several files where one
/// file cannot take what comes. Safe to use from several tasks.
/// </summary>
internal sealed class Recorder(string directory, int call, long maxBytes) : IAsyncDisposable
{
    // Where no picture comes, sound is recorded without.
    private static readonly TimeSpan KeyFramePatience = TimeSpan.FromSeconds(4);

    // The page shows these; each recording of a call is one click.
    private const int MaxFiles = 1000;

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Dictionary<MediaKind, RtpCodecParameters?> _tracks = [];
    private readonly List<FinishedFile> _files = [];
    private RecordingFile? _file;
    private Timeline? _timeline;
    private RecorderState _state;
    private TimeSpan? _waitingSince;
    private string? _error;
    private volatile RecorderStatus _status = new(RecorderState.Idle);

    /// <summary>A picture is needed that a decoder can begin with.</summary>
    public event Action? KeyFrameNeeded;

    /// <summary>A file is complete.</summary>
    public event Action<FinishedFile>? Finished;

    /// <summary>How it stands.</summary>
    public RecorderStatus Status => _status;

    /// <summary>The bytes of frames in the file that is being written; the rates follow from them.</summary>
    public (long Video, long Audio) FrameBytes => _file is { } file ? (file.VideoBytes, file.AudioBytes) : (0, 0);

    /// <summary>A track will come, most likely in this codec.</summary>
    public void Expect(MediaKind kind, RtpCodecParameters? codec)
    {
        lock (_tracks)
        {
            _tracks[kind] = codec;
        }
    }

    /// <summary>Begins a recording, or goes on with the one that pauses.</summary>
    public Task RecordAsync() => ChangeAsync(() =>
    {
        if (_state is RecorderState.Idle or RecorderState.Paused)
        {
            _error = null;
            Wait();
        }

        return Task.CompletedTask;
    });

    /// <summary>Leaves out what comes from now on.</summary>
    public Task PauseAsync() => ChangeAsync(() =>
    {
        if (_state is RecorderState.Recording or RecorderState.Waiting)
        {
            _state = _file is null ? RecorderState.Idle : RecorderState.Paused;
        }

        return Task.CompletedTask;
    });

    /// <summary>Ends the recording, and completes its file.</summary>
    public Task StopAsync() => ChangeAsync(EndAsync);

    /// <summary>Takes a frame.</summary>
    /// <param name="kind">Its track.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="arrived">When it came.</param>
    public Task AddAsync(MediaKind kind, EncodedFrame frame, TimeSpan arrived) => ChangeAsync(async () =>
    {
        Expect(kind, frame.Codec);
        if (_state == RecorderState.Waiting)
        {
            BeginWith(kind, frame, arrived);
        }

        if (_state != RecorderState.Recording || frame.Codec is null)
        {
            return;
        }

        if (!_file!.Takes(kind, frame))
        {
            await EndAsync();
            Wait();
            BeginWith(kind, frame, arrived);
            if (_state != RecorderState.Recording)
            {
                return;
            }
        }

        var place = _timeline!.Place(kind, frame.TimestampTicks, frame.Codec.ClockRate, frame.CaptureTime, arrived);
        await _file!.WriteAsync(kind, place, frame);
        if (_file.Bytes > maxBytes)
        {
            await EndAsync();
            _error = $"The recording has reached its limit of {maxBytes >> 20} MB.";
        }
    });

    /// <summary>Completes what is being written.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _gate.Dispose();
    }

    private async Task ChangeAsync(Func<Task> change)
    {
        await _gate.WaitAsync();
        try
        {
            await change();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full disk, most likely. What has been written stays.
            _error = $"The file cannot be written: {e.Message}";
            _state = RecorderState.Idle;
            _file = null;
        }
        finally
        {
            _status = Describe();
            _gate.Release();
        }
    }

    private void Wait()
    {
        _state = RecorderState.Waiting;
        _waitingSince = null;
        KeyFrameNeeded?.Invoke();
    }

    // Sound alone begins only where no picture is to be expected, or none has come for long.
    private void BeginWith(MediaKind kind, EncodedFrame frame, TimeSpan arrived)
    {
        _waitingSince ??= arrived;
        bool isLate = arrived - _waitingSince > KeyFramePatience;
        bool expectsVideo = _file?.HasVideo ?? HasTrack(MediaKind.Video);
        if (kind == MediaKind.Video ? !frame.IsKeyFrame : expectsVideo && !isLate)
        {
            return;
        }

        _file ??= Create(kind);
        _timeline = new Timeline(_file.Duration);
        _state = RecorderState.Recording;
    }

    private RecordingFile Create(MediaKind first)
    {
        string time = DateTime.Now.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        string name = $"{time}-call{call}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        lock (_tracks)
        {
            var video = first == MediaKind.Video ? _tracks.GetValueOrDefault(MediaKind.Video) : null;
            return RecordingFile.Create(Path.Combine(directory, name), video, _tracks.GetValueOrDefault(MediaKind.Audio));
        }
    }

    private bool HasTrack(MediaKind kind)
    {
        lock (_tracks)
        {
            return _tracks.ContainsKey(kind);
        }
    }

    private async Task EndAsync()
    {
        _state = RecorderState.Idle;
        if (_file is not { } file)
        {
            return;
        }

        _file = null;
        await file.DisposeAsync();
        var finished = new FinishedFile(file.Name, Math.Round(file.Duration.TotalSeconds, 2), file.Bytes);
        _files.Add(finished);
        Finished?.Invoke(finished);
        if (_files.Count > MaxFiles)
        {
            _files.RemoveAt(0);
        }
    }

    private RecorderStatus Describe() => new(_state)
    {
        File = _file?.Name,
        Seconds = Math.Round(_file?.Duration.TotalSeconds ?? 0, 2),
        Bytes = _file?.Bytes ?? 0,
        VideoFrames = _file?.VideoFrames ?? 0,
        Files = _files.Count == _status.Files.Count && _state != RecorderState.Idle ? _status.Files : [.. _files],
        Error = _error,
    };
}
