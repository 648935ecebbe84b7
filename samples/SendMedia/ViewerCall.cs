using System.Text.Json;
using Calls;
using WebRtcCore;

namespace SendMedia;

/// <summary>A call whose page watches, and is told over its channel "info" how that goes.</summary>
internal sealed class ViewerCall : PeerCall
{
    private static readonly TimeSpan StatusInterval = TimeSpan.FromMilliseconds(500);

    private readonly Broadcast _broadcast;
    private readonly Viewer _viewer;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly IReadOnlyList<LayerStatus> _layers;
    private MediaStream? _stream;
    private DataChannel? _info;

    public ViewerCall(int number, SendOptions options, Broadcast broadcast, ILoggerFactory loggerFactory)
        : base(number, options.Calls, loggerFactory)
    {
        _broadcast = broadcast;
        _logger = loggerFactory.CreateLogger<ViewerCall>();
        var source = broadcast.Source;
        _layers = [.. source.Layers.Select(l => new LayerStatus(l.Height, l.BitrateBps / 1000.0))];
        _viewer = new Viewer(
            source.VideoMimeType is { } mimeType ? AddSender(MediaKind.Video, mimeType) : null,
            source.HasAudio ? AddSender(MediaKind.Audio, "audio/opus") : null,
            source.Layers);
        Connection.ConnectionStateChange += (_, _) =>
        {
            if (Connection.ConnectionState == PeerConnectionState.Connected)
            {
                _broadcast.Add(_viewer);
            }
        };
        Connection.DataChannel += (_, e) =>
        {
            if (e.Channel.Label == "info" && Interlocked.CompareExchange(ref _info, e.Channel, null) is null)
            {
                _ = ReportAsync(e.Channel);
            }
        };
    }

    public override async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await base.DisposeAsync();
        _broadcast.Remove(_viewer);
        _stop.Dispose();
    }

    // It finds its place in the page's offer, which asks to receive.
    private RtpSender AddSender(MediaKind kind, string mimeType)
    {
        var stream = _stream ??= new MediaStream();
        var sender = Connection.AddTrack(new MediaStreamTrack(kind), stream);
        var transceiver = Connection.GetTransceivers().First(t => t.Sender == sender);
        transceiver.Direction = RtpTransceiverDirection.SendOnly;
        transceiver.SetCodecPreferences([.. RtpSender.GetCapabilities(kind).Codecs.Where(c => c.MimeType.Equals(mimeType, StringComparison.OrdinalIgnoreCase))]);
        return sender;
    }

    private async Task ReportAsync(DataChannel channel)
    {
        using var timer = new PeriodicTimer(StatusInterval);
        int layer = -1;
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                if (_viewer.Layer is var now && now != layer)
                {
                    layer = now;
                    Log.LayerChanged(_logger, Number, _broadcast.Source.Layers[layer].Height);
                }

                if (channel.ReadyState == DataChannelState.Open && channel.BufferedAmount == 0)
                {
                    var status = new ViewerStatus(_broadcast.Source.Description, _broadcast.Count, layer, _layers) { TargetKilobits = _viewer.TargetBitrateBps / 1000.0 };
                    await channel.SendAsync(JsonSerializer.Serialize(status, InfoJsonContext.Default.ViewerStatus), _stop.Token);
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or RtcException)
        {
            // The call is over.
        }
    }
}
