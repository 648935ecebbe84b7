using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.Extensions.Logging;
using WebRtcCore.Diagnostics;
using WebRtcCore.Dtls;
using WebRtcCore.Ice;
using WebRtcCore.Primitives;

namespace WebRtcCore.Transport;

/// <summary>
/// A DTLS association with a TURN server over a UDP socket of its own: each message a datagram, sealed. Sending never waits. The server's certificate has been
/// checked before anything is said to it.
/// </summary>
internal sealed class DtlsServerEndpoint : IServerEndpoint
{
    private const int MaxDatagram = 4096;

    // No ICE check has measured the path, so RFC 6347 4.2.4.1 counts, less patiently: the server is asked again, or another one is.
    private static readonly TimeSpan RetransmissionTimeout = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan CertificateLifetime = TimeSpan.FromDays(1);

    private readonly Socket _socket;
    private readonly DtlsEndpoint _dtls;
    private readonly DtlsCertificate _certificate;
    private readonly MonotonicClock _clock;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _closing = new();

    // Guards the association and the buffers: the loop sends while the receive loop receives.
    private readonly Lock _gate = new();
    private readonly byte[] _outgoing = new byte[MaxDatagram];
    private readonly byte[] _plaintext = new byte[MaxDatagram];
    private Task _receiving = Task.CompletedTask;
    private int _isDisposed;

    private DtlsServerEndpoint(Socket socket, TransportAddress remote, PeerConnectionOptions options, ILogger logger)
    {
        _socket = socket;
        _timeProvider = options.TimeProvider;
        _clock = new MonotonicClock(options.TimeProvider);
        _logger = logger;
        Path = new NetworkPath(TransportAddress.From((System.Net.IPEndPoint)socket.LocalEndPoint!), remote, TransportProtocol.Dtls);
        _certificate = DtlsCertificate.Generate(options.TimeProvider.GetUtcNow(), CertificateLifetime, SystemRandomSource.Instance);
        _dtls = new DtlsEndpoint(
            Dtls.DtlsRole.Client,
            new DtlsOptions
            {
                Certificate = _certificate,
                RemoteFingerprintVerification = RemoteFingerprintVerification.None,
                SrtpProfiles = [],
                InitialRetransmissionTimeout = RetransmissionTimeout,
                MaxRetransmissionTimeout = 8 * RetransmissionTimeout,
            },
            SystemRandomSource.Instance,
            logger);
    }

    /// <inheritdoc/>
    public NetworkPath Path { get; }

    /// <summary>Makes the socket, shakes hands and checks the server's certificate.</summary>
    /// <exception cref="AuthenticationException">The handshake failed, or the certificate is not accepted.</exception>
    /// <exception cref="SocketException">The server cannot be reached.</exception>
    public static async Task<DtlsServerEndpoint> ConnectAsync(IceStreamRequest request, PeerConnectionOptions options, ILogger logger, CancellationToken cancellationToken)
    {
        var remote = request.Remote;
        var socket = new Socket(remote.IsIPv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
        DtlsServerEndpoint? endpoint = null;
        try
        {
            await socket.ConnectAsync(remote.ToIPEndPoint(), cancellationToken).ConfigureAwait(false);
            endpoint = new DtlsServerEndpoint(socket, remote, options, logger);
            await endpoint.ShakeHandsAsync(cancellationToken).ConfigureAwait(false);
            ServerCertificates.Check(endpoint._dtls.RemoteCertificateChain, request.HostName, options.ServerCertificateValidationCallback);
            return endpoint;
        }
        catch
        {
            socket.Dispose();
            if (endpoint is not null)
            {
                await endpoint.DisposeAsync().ConfigureAwait(false);
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public void Start(IDatagramSink sink, Action onClosed) => _receiving = ReceiveAsync(sink, onClosed);

    /// <inheritdoc/>
    public bool Send(ReadOnlySpan<byte> messages, int messageSize)
    {
        var areAllSent = true;
        lock (_gate)
        {
            while (!messages.IsEmpty)
            {
                var message = messages[..Math.Min(messageSize, messages.Length)];
                messages = messages[message.Length..];
                areAllSent &= TrySend(message);
            }
        }

        return areAllSent;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        lock (_gate)
        {
            _dtls.Close(_clock.Now);
            SendHandshake();
        }

        await _closing.CancelAsync().ConfigureAwait(false);
        _socket.Dispose();
        await _receiving.ConfigureAwait(false);
        _dtls.Dispose();
        _certificate.Dispose();
        _closing.Dispose();
    }

    private async Task ShakeHandsAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[MaxDatagram];
        _dtls.Start(_clock.Now);
        SendHandshake();
        while (_dtls.State == DtlsState.Connecting)
        {
            var length = await ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (length > 0)
            {
                _dtls.HandleDatagram(buffer.AsSpan(0, length), Path, _clock.Now);
            }
            else
            {
                _dtls.HandleTimeout(_clock.Now);
            }

            SendHandshake();
        }

        if (_dtls.State != DtlsState.Connected)
        {
            throw new AuthenticationException($"The DTLS handshake failed: {_dtls.Error}.");
        }
    }

    // 0 when a timer of the association is due.
    private async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (_dtls.NextTimeout is not { } next)
        {
            return await _socket.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
        }

        var wait = next - _clock.Now;
        using var timer = new CancellationTokenSource(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, _timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            return await _socket.ReceiveAsync(buffer, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return 0;
        }
    }

    private async Task ReceiveAsync(IDatagramSink sink, Action onClosed)
    {
        var buffer = new byte[MaxDatagram];
        try
        {
            while (_dtls.State == DtlsState.Connected)
            {
                var length = await ReceiveAsync(buffer, _closing.Token).ConfigureAwait(false);
                Deliver(sink, buffer.AsSpan(0, length));
            }
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Nobody listens there any more, or this side closes.
            Log.StreamEnded(_logger, Redact.Address(Path.Remote), exception.GetType().Name);
        }

        if (!_closing.IsCancellationRequested)
        {
            onClosed();
        }
    }

    // What is in the datagram is copied out under the lock and handed on outside of it: the sink may send at once.
    private void Deliver(IDatagramSink sink, Span<byte> datagram)
    {
        var length = 0;
        lock (_gate)
        {
            if (datagram.IsEmpty)
            {
                _dtls.HandleTimeout(_clock.Now);
            }
            else
            {
                _dtls.HandleDatagram(datagram, Path, _clock.Now);
            }

            while (_dtls.TryPollEvent(out var e))
            {
                // A server of TURN puts one message into a datagram.
                if (e.Kind == DtlsEventKind.ApplicationData && length == 0)
                {
                    var data = e.GetData(datagram);
                    data.CopyTo(_plaintext);
                    length = data.Length;
                }
            }

            SendHandshake();
        }

        if (length > 0)
        {
            sink.OnDatagram(_plaintext.AsSpan(0, length), Path);
        }

        sink.OnBatchEnd();
    }

    private bool TrySend(ReadOnlySpan<byte> message)
    {
        if (_dtls.State != DtlsState.Connected || message.Length + _dtls.ApplicationDataOverhead > MaxDatagram)
        {
            return false;
        }

        message.CopyTo(_outgoing.AsSpan(_dtls.ApplicationDataOffset));
        return TrySendDatagram(_dtls.SealApplicationData(_outgoing, message.Length));
    }

    private void SendHandshake()
    {
        while (_dtls.TryPollTransmit(_outgoing, out var transmit))
        {
            TrySendDatagram(transmit.Length);
        }
    }

    // An error of one datagram is as if it had been lost; that nobody listens is told to whoever receives.
    private bool TrySendDatagram(int length)
    {
        try
        {
            _socket.Send(_outgoing.AsSpan(0, length), SocketFlags.None, out var error);
            return error == SocketError.Success;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }
}
