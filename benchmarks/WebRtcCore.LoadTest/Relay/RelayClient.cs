using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using WebRtcCore.Primitives;
using WebRtcCore.Stun;

namespace WebRtcCore.LoadTest.Relay;

/// <summary>A client of a TURN server with one channel.</summary>
[SupportedOSPlatform("linux")]
internal sealed class RelayClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly TurnClient _core;

    private RelayClient(Socket socket, TurnClient core)
    {
        Socket = socket;
        _core = core;
    }

    /// <summary>The channel that each client has.</summary>
    public static TurnChannel Channel { get; } = new(TurnChannel.First);

    public Socket Socket { get; }

    public int OnTheirWay { get; set; }

    public long Received { get; set; }

    public long ReceivedBefore { get; set; }

    public static async Task<RelayClient> ConnectAsync(IPEndPoint server, TransportAddress peer)
    {
        var socket = RelayLoad.Open();
        var path = new NetworkPath(TransportAddress.From((IPEndPoint)socket.LocalEndPoint!), TransportAddress.From(server));
        var client = new RelayClient(socket, new TurnClient(path, new TurnClientOptions { Username = RelayServer.Username, Password = RelayServer.Password }, SystemRandomSource.Instance));
        var start = Stopwatch.GetTimestamp();
        client._core.Allocate(Instant.Zero);
        await client.RunUntilAsync(server, start, e => e.Kind == TurnClientEventKind.Allocated);
        client._core.BindChannel(peer, Instant.Zero + Stopwatch.GetElapsedTime(start));
        await client.RunUntilAsync(server, start, e => e.Kind == TurnClientEventKind.ChannelBound);
        return client;
    }

    public void Dispose()
    {
        _core.Dispose();
        Socket.Dispose();
    }

    private async Task RunUntilAsync(IPEndPoint server, long start, Func<TurnClientEvent, bool> isDone)
    {
        using var limit = new CancellationTokenSource(Patience);
        var buffer = new byte[2000];
        while (true)
        {
            while (_core.TryPollTransmit(buffer, out var transmit))
            {
                await Socket.SendToAsync(buffer.AsMemory(0, transmit.Length), server, limit.Token);
            }

            while (_core.TryPollEvent(out var e))
            {
                if (e.Error is { } error)
                {
                    throw new InvalidOperationException($"The server refuses: {error}");
                }

                if (isDone(e))
                {
                    return;
                }
            }

            var received = await Socket.ReceiveFromAsync(buffer, server, limit.Token);
            _core.HandleDatagram(buffer.AsSpan(0, received.ReceivedBytes), Instant.Zero + Stopwatch.GetElapsedTime(start), out _);
        }
    }
}
