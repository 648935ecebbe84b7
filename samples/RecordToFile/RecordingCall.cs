using System.Diagnostics;
using System.Text.Json;
using Calls;
using Measuring;
using WebRtcCore;

namespace RecordToFile;

/// <summary>A call whose sound and pictures are recorded when its page says so, over the channel "control", and which tells the page how it stands.</summary>
internal sealed class RecordingCall : PeerCall
{
    private static readonly TimeSpan StatusInterval = TimeSpan.FromMilliseconds(250);

    private readonly Recorder _recorder;
    private readonly RateMeter _video = new(TimeSpan.FromSeconds(1));
    private readonly RateMeter _audio = new(TimeSpan.FromSeconds(1));
    private readonly RecordOptions _options;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<RtpReceiver> _receivers = [];
    private readonly long _begun = Stopwatch.GetTimestamp();
    private DataChannel? _control;

    public RecordingCall(int number, RecordOptions options, string directory, ILoggerFactory loggerFactory)
        : base(number, options.Calls, loggerFactory)
    {
        _options = options;
        _recorder = new Recorder(directory, number, options.MaxBytes);
        _recorder.KeyFrameNeeded += RequestKeyFrame;
        var logger = loggerFactory.CreateLogger<RecordingCall>();
        _recorder.Finished += file => Log.FileFinished(logger, file.Name, file.Seconds, file.Bytes);
        Connection.Track += (_, e) => OnTrack(e);
        Connection.DataChannel += (_, e) =>
        {
            if (e.Channel.Label == "control" && Interlocked.CompareExchange(ref _control, e.Channel, null) is null)
            {
                _ = ObeyAsync(e.Channel);
                _ = ReportAsync(e.Channel);
            }
        };
    }

    /// <summary>How its recording stands.</summary>
    public RecorderStatus Status
    {
        get
        {
            var status = _recorder.Status;
            var (video, audio) = _recorder.FrameBytes;
            return status with { VideoKilobits = ToKilobits(_video.Measure(video)), AudioKilobits = ToKilobits(_audio.Measure(audio)) };
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _recorder.DisposeAsync();
        await base.DisposeAsync();
        _stop.Dispose();
    }

    private static double ToKilobits(double bytesPerSecond) => Math.Round(8 * bytesPerSecond / 1000, 1);

    private void OnTrack(TrackEventArgs e)
    {
        lock (_receivers)
        {
            // One of each kind is recorded.
            if (_receivers.Exists(r => r.Track.Kind == e.Track.Kind))
            {
                return;
            }

            _receivers.Add(e.Receiver);
        }

        if (e.Track.Kind == MediaKind.Video)
        {
            var codecs = RtpReceiver.GetCapabilities(MediaKind.Video).Codecs;
            e.Transceiver.SetCodecPreferences([.. codecs.OrderByDescending(c => c.MimeType.EndsWith(_options.Codec, StringComparison.OrdinalIgnoreCase))]);
        }

        _recorder.Expect(e.Track.Kind, null);
        _ = ReadAsync(e.Receiver);
    }

    private async Task ReadAsync(RtpReceiver receiver)
    {
        try
        {
            await foreach (var frame in receiver.ReadFramesAsync(_stop.Token))
            {
                await _recorder.AddAsync(receiver.Track.Kind, frame, Stopwatch.GetElapsedTime(_begun));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The call is over.
        }
    }

    private void RequestKeyFrame()
    {
        lock (_receivers)
        {
            _receivers.Find(r => r.Track.Kind == MediaKind.Video)?.RequestKeyFrame();
        }
    }

    private async Task ObeyAsync(DataChannel channel)
    {
        try
        {
            await foreach (var message in channel.ReadAllAsync(_stop.Token))
            {
                if (message.IsText)
                {
                    await ObeyAsync(message.Text);
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or RtcException)
        {
            // The call is over.
        }
    }

    private Task ObeyAsync(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, ControlJsonContext.Default.RecorderCommand)?.Type switch
            {
                "record" => _recorder.RecordAsync(),
                "pause" => _recorder.PauseAsync(),
                "stop" => _recorder.StopAsync(),
                _ => Task.CompletedTask,
            };
        }
        catch (JsonException)
        {
            // A page that says nothing sensible is told nothing new.
            return Task.CompletedTask;
        }
    }

    private async Task ReportAsync(DataChannel channel)
    {
        using var timer = new PeriodicTimer(StatusInterval);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                var status = Status;
                if (status.State == RecorderState.Waiting)
                {
                    // Requests get lost, and are rate-limited by themselves.
                    RequestKeyFrame();
                }

                if (channel.ReadyState == DataChannelState.Open && channel.BufferedAmount == 0)
                {
                    await channel.SendAsync(JsonSerializer.Serialize(status, ControlJsonContext.Default.RecorderStatus), _stop.Token);
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or RtcException)
        {
            // The call is over.
        }
    }
}
