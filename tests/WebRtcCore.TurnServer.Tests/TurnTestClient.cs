using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using WebRtcCore.Primitives;
using WebRtcCore.Stun;

namespace WebRtcCore.TurnServerTests;

/// <summary>The TURN client core over a real socket: a datagram a message, or a stream of them.</summary>
internal sealed class TurnTestClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly long _start = TimeProvider.System.GetTimestamp();
    private readonly TurnClient _client;
    private readonly Socket _socket;
    private readonly Stream? _stream;
    private readonly byte[] _buffer = new byte[4096];

    private TurnTestClient(Socket socket, Stream? stream, IPEndPoint server, string username, string password)
    {
        _socket = socket;
        _stream = stream;
        var path = new NetworkPath(TransportAddress.From((IPEndPoint)socket.LocalEndPoint!), TransportAddress.From(server), stream is null ? TransportProtocol.Udp : TransportProtocol.Tcp);
        _client = new TurnClient(path, new TurnClientOptions { Username = username, Password = password, IsStream = stream is not null }, SystemRandomSource.Instance);
    }

    public TurnClient Core => _client;

    private Instant Now => Instant.Zero + TimeSpan.FromHours(1) + TimeProvider.System.GetElapsedTime(_start);

    public static async Task<TurnTestClient> ConnectAsync(IPEndPoint server, string transport, string username = "alice", string password = "secret")
    {
        var socket = new Socket(server.AddressFamily, transport == "udp" ? SocketType.Dgram : SocketType.Stream, transport == "udp" ? ProtocolType.Udp : ProtocolType.Tcp);
        await socket.ConnectAsync(server);
        Stream? stream = transport == "udp" ? null : new NetworkStream(socket);
        if (transport == "tls")
        {
            // The test signs its certificate itself.
            var secure = new SslStream(stream!, false, (_, certificate, _, _) => certificate?.Subject == "CN=localhost");
            await secure.AuthenticateAsClientAsync("localhost");
            stream = secure;
        }

        return new TurnTestClient(socket, stream, server, username, password);
    }

    /// <summary>Allocates, and waits for the outcome.</summary>
    public async Task<TurnClientState> AllocateAsync()
    {
        _client.Allocate(Now);
        await RunUntilAsync(() => _client.State != TurnClientState.Allocating);
        return _client.State;
    }

    public async Task PermitAsync(TransportAddress peer)
    {
        Assert.That(_client.BindChannel(peer, Now), Is.True);
        await RunUntilAsync(() => _client.IsPermitted(peer));
    }

    public async Task SendAsync(byte[] data, TransportAddress peer)
    {
        var offset = _client.GetDataOffset(peer);
        data.CopyTo(_buffer, offset);
        var length = _client.Wrap(_buffer, peer, data.Length);
        Assert.That(length, Is.Positive);
        await SendAsync(_buffer.AsMemory(0, length));
    }

    /// <summary>The next data of a peer.</summary>
    public async Task<byte[]> ReceiveAsync()
    {
        byte[]? received = null;
        await RunUntilAsync(() => received is not null, data => received = data);
        return received!;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (_stream is not null)
        {
            await _stream.DisposeAsync();
        }

        _socket.Dispose();
    }

    private async Task RunUntilAsync(Func<bool> isDone, Action<byte[]>? onData = null)
    {
        using var limit = new CancellationTokenSource(Patience);
        var message = new byte[4096];
        while (true)
        {
            while (_client.TryPollTransmit(message, out var transmit))
            {
                await SendAsync(message.AsMemory(0, transmit.Length));
            }

            while (_client.TryPollEvent(out _))
            {
            }

            if (isDone())
            {
                return;
            }

            var length = await ReadMessageAsync(message, limit.Token);
            if (_client.HandleDatagram(message.AsSpan(0, length), Now, out var data) == TurnInput.Data)
            {
                onData?.Invoke(message.AsSpan(data.Offset, data.Length).ToArray());
            }
        }
    }

    private async Task SendAsync(ReadOnlyMemory<byte> message)
    {
        if (_stream is null)
        {
            await _socket.SendAsync(message);
        }
        else
        {
            await _stream.WriteAsync(message);
        }
    }

    private async Task<int> ReadMessageAsync(byte[] message, CancellationToken cancellationToken)
    {
        if (_stream is null)
        {
            return await _socket.ReceiveAsync(message.AsMemory(), cancellationToken);
        }

        await _stream.ReadExactlyAsync(message.AsMemory(0, TurnStreamFrame.PrefixLength), cancellationToken);
        var outcome = TurnStreamFrame.Read(message.AsSpan(0, TurnStreamFrame.PrefixLength), TurnStreamFrame.PrefixLength, message.Length, out var length);
        Assert.That(outcome, Is.Not.EqualTo(TurnStreamFrame.Outcome.Invalid));
        await _stream.ReadExactlyAsync(message.AsMemory(TurnStreamFrame.PrefixLength, length - TurnStreamFrame.PrefixLength), cancellationToken);
        return length;
    }
}
