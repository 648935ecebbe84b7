using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using WebRtcCore.Diagnostics;
using WebRtcCore.Primitives;

namespace WebRtcCore;

/// <summary>Accepts TCP connections, for TURN as they are or under TLS.</summary>
internal sealed class TurnStreamListener : IAsyncDisposable
{
    private static readonly TimeSpan ErrorPause = TimeSpan.FromMilliseconds(100);
    private readonly Socket _socket;
    private readonly X509Certificate2? _certificate;
    private readonly TurnStreams _streams;
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _accepting;

    private TurnStreamListener(Socket socket, TransportAddress address, X509Certificate2? certificate, TurnStreams streams)
    {
        _socket = socket;
        _certificate = certificate;
        _streams = streams;
        LocalAddress = address;
        _accepting = Task.Run(AcceptAsync);
    }

    public TransportAddress LocalAddress { get; }

    public bool IsTls => _certificate is not null;

    public static TurnStreamListener? TryStart(TransportAddress address, X509Certificate2? certificate, TurnStreams streams, ILogger logger)
    {
        var socket = new Socket(address.IsIPv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(address.ToIPEndPoint());
            socket.Listen();
            return new TurnStreamListener(socket, TransportAddress.From((System.Net.IPEndPoint)socket.LocalEndPoint!), certificate, streams);
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            TurnLog.NotListening(logger, Redact.Address(address), exception.SocketErrorCode);
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        _socket.Dispose();
        await _accepting.ConfigureAwait(false);
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_ending.IsCancellationRequested)
        {
            try
            {
                _streams.Add(await _socket.AcceptAsync(_ending.Token).ConfigureAwait(false), LocalAddress, _certificate);
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // Out of descriptors, or a client that was gone before it was accepted.
                await PauseAsync().ConfigureAwait(false);
            }
        }
    }

    private async Task PauseAsync()
    {
        try
        {
            await Task.Delay(ErrorPause, _ending.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The end comes first.
        }
    }
}
