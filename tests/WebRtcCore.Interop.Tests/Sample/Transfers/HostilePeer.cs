using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace WebRtcCore.Interop.Tests.Sample.Transfers;

/// <summary>A peer of the sample that says what the test wants it to say.</summary>
internal sealed class HostilePeer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ClientWebSocket _socket = new();
    private readonly PeerConnection _connection = new(null, new PeerConnectionOptions { LocalAddresses = [IPAddress.Loopback] });
    private readonly TaskCompletionSource<DataChannel> _offered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The first channel that the sample opens.</summary>
    public Task<DataChannel> Offered => _offered.Task.WaitAsync(Patience);

    public static async Task<HostilePeer> ConnectAsync(Uri address)
    {
        var peer = new HostilePeer();
        await peer.NegotiateAsync(address);
        return peer;
    }

    /// <summary>An open channel for a file.</summary>
    public async Task<DataChannel> OpenChannelAsync(DataChannelOptions? options = null)
    {
        var channel = _connection.CreateDataChannel("file", options ?? new DataChannelOptions { Protocol = "file-transfer" });
        await OpenAsync(channel);
        return channel;
    }

    /// <summary>The next message of the sample on a channel, as JSON; null when it has closed the channel.</summary>
    public static async Task<JsonNode?> NextAsync(DataChannel channel)
    {
        using var limit = new CancellationTokenSource(Patience);
        await foreach (var message in channel.ReadAllAsync(limit.Token))
        {
            if (message.IsText)
            {
                return JsonNode.Parse(message.Text);
            }
        }

        return null;
    }

    /// <summary>The reason for which the sample cancels a transfer.</summary>
    public static async Task<string> CancellationAsync(DataChannel channel)
    {
        while (await NextAsync(channel) is { } message)
        {
            if ((string?)message["type"] == "cancel")
            {
                return (string)message["reason"]!;
            }
        }

        return "closed without a word";
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        _socket.Dispose();
    }

    private static async Task OpenAsync(DataChannel channel)
    {
        var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        channel.Open += (_, _) => opened.TrySetResult();
        if (channel.ReadyState == DataChannelState.Open)
        {
            opened.TrySetResult();
        }

        await opened.Task.WaitAsync(Patience);
    }

    private async Task NegotiateAsync(Uri address)
    {
        _connection.DataChannel += (_, e) => _offered.TrySetResult(e.Channel);
        var control = _connection.CreateDataChannel("control", new DataChannelOptions { Negotiated = true, Id = 0 });
        var gathered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _connection.IceGatheringStateChange += (_, _) =>
        {
            if (_connection.IceGatheringState == IceGatheringState.Complete)
            {
                gathered.TrySetResult();
            }
        };
        await _connection.SetLocalDescriptionAsync();
        await gathered.Task.WaitAsync(Patience);

        await _socket.ConnectAsync(new UriBuilder(address) { Scheme = "ws", Path = "/signal" }.Uri, CancellationToken.None);
        await _socket.SendAsync(Encoding.UTF8.GetBytes(_connection.LocalDescription!.ToJson()), WebSocketMessageType.Text, true, CancellationToken.None);
        var buffer = new byte[64 * 1024];
        while (control.ReadyState != DataChannelState.Open)
        {
            var received = await _socket.ReceiveAsync(buffer, CancellationToken.None).WaitAsync(Patience);
            var message = JsonNode.Parse(buffer.AsSpan(0, received.Count))!;
            if ((string?)message["type"] == "answer")
            {
                await _connection.SetRemoteDescriptionAsync(SessionDescription.FromJson(message.ToJsonString()));
            }
            else if (message["candidate"] is { } candidate)
            {
                await _connection.AddIceCandidateAsync(IceCandidate.FromJson(candidate.ToJsonString()));
                await OpenAsync(control);
            }
        }

        control.Send("""{"type":"hello","version":1,"files":0,"receives":true}""");
    }
}
