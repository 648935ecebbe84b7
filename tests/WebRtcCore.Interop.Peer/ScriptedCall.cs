using System.Buffers.Binary;
using WebRtcCore.Rtp;

namespace WebRtcCore.Interop.Peer;

/// <summary>The connection of the process, and what it says about itself.</summary>
internal sealed class ScriptedCall : IAsyncDisposable
{
    private readonly PeerConnection _connection;
    private readonly TaskCompletionSource<DataChannel> _channel = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _gathered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<byte> _returned = [];
    private byte[] _expected = [];
    private readonly CancellationTokenSource _closing = new();
    private RtpSender? _audio;
    private Task _sending = Task.CompletedTask;
    private int _heard;
    private bool _isOfferer;

    public ScriptedCall(string[] args)
    {
        var servers = new List<IceServer>();
        var policy = IceTransportPolicy.All;
        var options = PeerConnectionOptions.Default;
        for (var i = 0; i < args.Length; i += 2)
        {
            switch (args[i])
            {
                case "--server":
                    servers.Add(new IceServer(args[i + 1]));
                    break;
                case "--user":
                    servers[^1] = servers[^1] with { Username = args[i + 1] };
                    break;
                case "--password":
                    servers[^1] = servers[^1] with { Credential = args[i + 1] };
                    break;
                case "--hide":
                    options = options with { HideHostAddresses = bool.Parse(args[i + 1]) };
                    break;
                case "--tcp":
                    options = options with { IceTcp = Enum.Parse<IceTcpMode>(args[i + 1], ignoreCase: true) };
                    break;
                default:
                    policy = args[i + 1] == "relay" ? IceTransportPolicy.Relay : IceTransportPolicy.All;
                    break;
            }
        }

        _connection = new PeerConnection(new PeerConnectionConfiguration { IceServers = servers, IceTransportPolicy = policy }, options);
        _connection.ConnectionStateChange += (_, _) => Say($"state {_connection.ConnectionState}");
        _connection.IceCandidateError += (_, e) => Say($"error {e.ErrorCode} {e.Url} {e.ErrorText}");
        _connection.DataChannel += (_, e) => Use(e.Channel);
        _connection.Track += (_, e) => e.Receiver.PacketReceived += (RtpReceiver _, in RtpPacketView _) => Interlocked.Increment(ref _heard);
        _connection.IceGatheringStateChange += (_, _) =>
        {
            if (_connection.IceGatheringState == IceGatheringState.Complete)
            {
                _gathered.TrySetResult();
            }
        };
    }

    public async Task OfferAsync()
    {
        _isOfferer = true;
        Use(_connection.CreateDataChannel("data"));
        _audio = _connection.AddTrack(new MediaStreamTrack(MediaKind.Audio));
        await DescribeAsync();
    }

    public async Task AcceptAsync(string json)
    {
        var description = SessionDescription.FromJson(json);
        await _connection.SetRemoteDescriptionAsync(description);
        if (description.Type == SdpType.Offer)
        {
            await DescribeAsync();
        }

        var ice = _connection.Sctp!.Transport.IceTransport;
        ice.SelectedCandidatePairChange += (_, _) => SayPath(ice);
        SayPath(ice);
    }

    public async Task SendAsync(int length)
    {
        var channel = await _channel.Task;
        _expected = new byte[length];
        for (var i = 0; i < length; i++)
        {
            _expected[i] = (byte)((i * 31) ^ (i >> 8));
        }

        _returned.Clear();
        foreach (var part in _expected.Chunk(16_000))
        {
            await channel.SendAsync(part);
        }
    }

    public void StartAudio() => _sending = SendAudioAsync();

    public void SayHeard(string question) => Say($"heard {question} {Interlocked.Exchange(ref _heard, 0)}");

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _connection.DisposeAsync();
        _closing.Dispose();
    }

    private async Task SendAudioAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        var packet = new byte[60];
        packet[0] = 0x80;
        packet[1] = 111;
        for (ushort number = 1; await timer.WaitForNextTickAsync(_closing.Token); number++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), number);
            BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), number * 960u);
            _audio!.SendRtp(packet);
        }
    }

    // One line at a time, whichever thread it comes from.
    private static void Say(string line) => Console.Out.WriteLine(line);

    private static void SayPath(IceTransport ice)
    {
        if (ice.GetSelectedCandidatePair() is { } pair)
        {
            Say($"path {pair.Local.Type} {pair.Remote.Type}");
        }
    }

    private async Task DescribeAsync()
    {
        await _connection.SetLocalDescriptionAsync();
        await _gathered.Task;
        Say($"description {_connection.LocalDescription!.ToJson()}");
    }

    private void Use(DataChannel channel)
    {
        channel.Message += (_, e) =>
        {
            if (!_isOfferer)
            {
                channel.Send(e.Message.Data.Span);
                return;
            }

            _returned.AddRange(e.Message.Data.Span);
            if (_returned.Count == _expected.Length && _returned.SequenceEqual(_expected))
            {
                Say($"returned {_expected.Length}");
            }
        };
        channel.Open += (_, _) =>
        {
            Say("open");
            _channel.TrySetResult(channel);
        };
    }
}
