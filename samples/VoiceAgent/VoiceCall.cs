using System.Text.Json;
using System.Threading.Channels;
using Calls;
using VoiceAgent.Agents;
using WebRtcCore;

namespace VoiceAgent;

/// <summary>A call whose page talks with an agent, and is told over its channel "turns" what happens.</summary>
internal sealed class VoiceCall : PeerCall
{
    private static readonly TimeSpan LevelInterval = TimeSpan.FromMilliseconds(100);

    // A page that does not read misses something.
    private readonly Channel<ConversationEvent> _events = Channel.CreateBounded<ConversationEvent>(new BoundedChannelOptions(256) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly CancellationTokenSource _stop = new();
    private readonly Conversation _conversation;
    private readonly Speaker _speaker;
    private readonly Task _speaking;
    private readonly ILogger _logger;
    private MediaStreamTrack? _track;
    private DataChannel? _channel;

    public VoiceCall(int number, VoiceOptions options, VoiceCodec codec, ILoggerFactory loggerFactory)
        : base(number, options.Calls, loggerFactory, codec.Options)
    {
        _logger = loggerFactory.CreateLogger<VoiceCall>();
        _speaker = new Speaker(samples => _track?.WriteAudio(samples.Span, Voice.Format));
        _conversation = new Conversation(VoiceAgentFactory.Create(options.Agent), options.Turns, _speaker, Tell);
        _speaking = _speaker.RunAsync(_stop.Token);
        Connection.Track += (_, e) => OnTrack(e);
        Connection.DataChannel += (_, e) =>
        {
            if (e.Channel.Label == "turns" && Interlocked.CompareExchange(ref _channel, e.Channel, null) is null)
            {
                _ = ReportAsync(e.Channel);
            }
        };
    }

    public override async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await base.DisposeAsync();
        await _conversation.DisposeAsync();
        await _speaking;
        _stop.Dispose();
    }

    private void OnTrack(TrackEventArgs e)
    {
        var track = new MediaStreamTrack(MediaKind.Audio);
        if (e.Track.Kind != MediaKind.Audio || Interlocked.CompareExchange(ref _track, track, null) is not null)
        {
            return;
        }

        e.Transceiver.Direction = RtpTransceiverDirection.SendRecv;
        _ = e.Transceiver.Sender.ReplaceTrackAsync(track);
        e.Receiver.SetAudioHandler(Voice.Format, (_, samples, _) => _conversation.Hear(samples));
    }

    private void Tell(ConversationEvent e)
    {
        _events.Writer.TryWrite(e);
        switch (e.Type)
        {
            case "turn-ended":
                Log.TurnEnded(_logger, Number, e.Turn ?? 0, e.Duration ?? 0);
                break;
            case "answer-began":
                Log.AnswerBegan(_logger, Number, e.Turn ?? 0, e.Latency ?? 0);
                break;
            case "answer-ended" when e.Error is { } error:
                Log.AgentFailed(_logger, Number, error);
                break;
        }
    }

    private async Task ReportAsync(DataChannel channel)
    {
        using var timer = new PeriodicTimer(LevelInterval);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                if (channel.ReadyState != DataChannelState.Open)
                {
                    continue;
                }

                while (_events.Reader.TryRead(out var e))
                {
                    await SendAsync(channel, e);
                }

                await SendAsync(channel, _conversation.Levels);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or RtcException)
        {
            // The call is over.
        }
    }

    private ValueTask SendAsync(DataChannel channel, ConversationEvent e) =>
        channel.SendAsync(JsonSerializer.Serialize(e, TurnsJsonContext.Default.ConversationEvent), _stop.Token);
}
