using System.Net.WebSockets;
using System.Text.Json;
using System.Threading.Channels;

namespace Signalling;

/// <summary>Signal messages over a WebSocket: sent in order from any thread, received one at a time.</summary>
internal sealed class SignalSocket : IAsyncDisposable
{
    private const int MaxMessageBytes = 1024 * 1024;
    private static readonly TimeSpan FarewellLimit = TimeSpan.FromSeconds(2);

    private readonly WebSocket _socket;
    private readonly CancellationToken _stop;
    private readonly Channel<SignalMessage> _outgoing = Channel.CreateUnbounded<SignalMessage>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task _writing;

    public SignalSocket(WebSocket socket, CancellationToken stop)
    {
        _socket = socket;
        _stop = stop;
        _writing = WriteAllAsync();
    }

    public void Send(SignalMessage message) => _outgoing.Writer.TryWrite(message);

    /// <summary>The next message, or <see langword="null"/> when there will be no more.</summary>
    /// <exception cref="ArgumentException">The peer sent something that is no message.</exception>
    public async Task<SignalMessage?> ReceiveAsync()
    {
        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        try
        {
            ValueWebSocketReceiveResult part;
            do
            {
                part = await _socket.ReceiveAsync(chunk.AsMemory(), _stop);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    return null;
                }

                buffer.Write(chunk, 0, part.Count);
                if (buffer.Length > MaxMessageBytes)
                {
                    throw new ArgumentException("The message is larger than 1 MiB.");
                }
            }
            while (!part.EndOfMessage);

            return JsonSerializer.Deserialize(buffer.GetBuffer().AsSpan(0, (int)buffer.Length), SignalJsonContext.Default.SignalMessage)
                ?? throw new ArgumentException("A message is a JSON object.");
        }
        catch (JsonException)
        {
            throw new ArgumentException("A message is a JSON object with a type.");
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>Sends what is still queued and says goodbye.</summary>
    public async ValueTask DisposeAsync()
    {
        _outgoing.Writer.Complete();
        using var limit = new CancellationTokenSource(FarewellLimit);
        try
        {
            await _writing.WaitAsync(limit.Token);
            if (_socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            _socket.Abort();
        }
    }

    private async Task WriteAllAsync()
    {
        await foreach (var message in _outgoing.Reader.ReadAllAsync(CancellationToken.None))
        {
            byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(message, SignalJsonContext.Default.SignalMessage);
            await _socket.SendAsync(bytes, WebSocketMessageType.Text, endOfMessage: true, _stop);
        }
    }
}
