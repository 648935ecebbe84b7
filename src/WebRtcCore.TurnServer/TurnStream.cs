using System.Buffers;
using System.IO.Pipelines;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using WebRtcCore.Diagnostics;
using WebRtcCore.Primitives;
using WebRtcCore.Stun;
using WebRtcCore.Transport;

namespace WebRtcCore;

/// <summary>
/// One TCP or TLS connection of a client: cuts what comes into messages for the loop, and writes what the loop has for it. Slow and silent clients are cut off.
/// </summary>
internal sealed class TurnStream : IAsyncDisposable
{
    private const int MaxMessage = 2048;
    private const int MaxUnsent = 256 * 1024;
    private readonly TurnStreams _owner;
    private readonly Socket _socket;
    private readonly X509Certificate2? _certificate;
    private readonly Pipe _outgoing = new(new PipeOptions(pauseWriterThreshold: 0));
    private readonly CancellationTokenSource _ending = new();
    private Task _running = Task.CompletedTask;
    private long _unsent;

    public TurnStream(TurnStreams owner, Socket socket, NetworkPath path, X509Certificate2? certificate)
    {
        _owner = owner;
        _socket = socket;
        _certificate = certificate;
        Path = path;
    }

    public NetworkPath Path { get; }

    public void Start() => _running = Task.Run(RunAsync);

    /// <summary>Queues whole messages; on the loop. What finds too much waiting is dropped.</summary>
    public void Send(ReadOnlySpan<byte> messages)
    {
        if (Interlocked.Read(ref _unsent) + messages.Length > MaxUnsent)
        {
            RtcMeter.Dropped(DropReason.SendBufferFull);
            return;
        }

        Interlocked.Add(ref _unsent, messages.Length);
        _outgoing.Writer.Write(messages);

        // Nothing bounds the pipe but the count above, so this completes at once.
        var flush = _outgoing.Writer.FlushAsync();
        System.Diagnostics.Debug.Assert(flush.IsCompleted, "A pipe without a threshold never waits.");
    }

    // The stream may have ended by itself just now: only whoever has waited for that disposes the source.
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _ending.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            var stream = await OpenAsync().ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                var writing = WriteAsync(stream);
                await ReadAsync(PipeReader.Create(stream)).ConfigureAwait(false);
                await _ending.CancelAsync().ConfigureAwait(false);
                await writing.ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or AuthenticationException or OperationCanceledException or ObjectDisposedException)
        {
            TurnLog.StreamEnded(_owner.Logger, Redact.Path(Path), exception.GetType().Name);
        }
        finally
        {
            _socket.Dispose();
            _owner.Remove(this);
        }
    }

    private async Task<Stream> OpenAsync()
    {
        var stream = new NetworkStream(_socket, ownsSocket: true);
        if (_certificate is null)
        {
            return stream;
        }

        var secure = new SslStream(stream);
        using var limit = Limit(_owner.Options.StreamDeadline);
        await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, limit.Token).ConfigureAwait(false);
        return secure;
    }

    // Until the client goes, sends what is no message, or dawdles.
    private async Task ReadAsync(PipeReader reader)
    {
        var deadline = _owner.Options.StreamDeadline;
        for (var wait = deadline; ;)
        {
            using var limit = Limit(wait);
            var result = await reader.ReadAsync(limit.Token).ConfigureAwait(false);
            var rest = result.Buffer;
            if (!TryDeliver(ref rest) || result.IsCompleted)
            {
                return;
            }

            reader.AdvanceTo(rest.Start, rest.End);
            wait = rest.IsEmpty ? _owner.Options.StreamIdleLimit : deadline;
        }
    }

    // Hands on every whole message; false if the stream cannot be read any further.
    private bool TryDeliver(ref ReadOnlySequence<byte> rest)
    {
        IDatagramSink sink = _owner.Loop;
        Span<byte> prefix = stackalloc byte[TurnStreamFrame.PrefixLength];
        Span<byte> message = stackalloc byte[MaxMessage];
        var isReadable = true;
        while (rest.Length >= TurnStreamFrame.PrefixLength)
        {
            rest.Slice(0, TurnStreamFrame.PrefixLength).CopyTo(prefix);
            var outcome = TurnStreamFrame.Read(prefix, rest.Length, MaxMessage, out var length);
            if (outcome != TurnStreamFrame.Outcome.Complete)
            {
                isReadable = outcome == TurnStreamFrame.Outcome.Incomplete;
                break;
            }

            rest.Slice(0, length).CopyTo(message);
            sink.OnDatagram(message[..length], Path);
            rest = rest.Slice(length);
        }

        sink.OnBatchEnd();
        return isReadable;
    }

    private async Task WriteAsync(Stream stream)
    {
        try
        {
            while (true)
            {
                var result = await _outgoing.Reader.ReadAsync(_ending.Token).ConfigureAwait(false);
                foreach (var part in result.Buffer)
                {
                    await stream.WriteAsync(part, _ending.Token).ConfigureAwait(false);
                }

                Interlocked.Add(ref _unsent, -result.Buffer.Length);
                _outgoing.Reader.AdvanceTo(result.Buffer.End);
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // What cannot be written will not be read from either.
            _socket.Dispose();
        }
    }

    private CancellationTokenSource Limit(TimeSpan time)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token);
        limit.CancelAfter(time);
        return limit;
    }
}
