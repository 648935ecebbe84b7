using System.Runtime.CompilerServices;
using System.Text;
using WebRtcCore.Primitives;
using WebRtcCore.Sctp.Dcep;

namespace WebRtcCore;

/// <summary>
/// W3C <c>RTCDataChannel</c>: messages to and from the peer, encrypted, ordered and reliable unless asked otherwise (RFC 8831).
/// Safe to use from any thread.
/// </summary>
/// <remarks>
/// Messages reach the application one of four ways: the <see cref="Message"/> event, <see cref="ReadAllAsync"/>, the lent-memory handler of
/// <see cref="SetMessageHandler"/>, or the bytes of <see cref="AsStream"/>. Until one of them is there, messages wait, and the peer is slowed down by the
/// receive window, which all channels share; none is lost. A channel that is of no interest is to be closed: that drops what waits.
/// </remarks>
public sealed class DataChannel
{
    private readonly IDataChannelOperations _connection;
    private readonly DataChannelOptions _options;
    private readonly DataChannelInbox _inbox = new();
    private readonly DataChannelSendBuffer _sendBuffer;
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RtcException? _closeError;
    private volatile bool _isClosedHere;
    private volatile bool _isClosedByPeer;
    private volatile DataChannelMessageHandler? _handler;
    private readonly Lock _openGate = new();
    private EventHandler<DataChannelMessageEventArgs>? _message;
    private EventHandler? _open;
    private bool _isOpenMissed;
    private volatile int _state;
    private volatile int _id = -1;
    private int _eventsScheduled;

    internal DataChannel(IDataChannelOperations connection, string label, DataChannelOptions options, DataChannelState state)
    {
        _connection = connection;
        _options = options;
        Label = label;
        _state = (int)state;
        WasOpened = state == DataChannelState.Open;
        _sendBuffer = new DataChannelSendBuffer(
            connection.Options.DataSendHighWaterMark, connection.Options.MaxBufferedAmount, (message, isText) => _connection.Send(this, message, isText));
        if (options.Negotiated)
        {
            _id = options.Id!.Value;
        }

        if (WasOpened)
        {
            _opened.SetResult();
        }
    }

    /// <summary>The name given at creation.</summary>
    public string Label { get; }

    /// <summary>Whether messages arrive in the order in which they were sent.</summary>
    public bool Ordered => _options.Ordered;

    /// <summary>How long a message may be tried, or <see langword="null"/>.</summary>
    public TimeSpan? MaxPacketLifeTime => _options.MaxPacketLifeTime;

    /// <summary>How often a message may be retransmitted, or <see langword="null"/>.</summary>
    public int? MaxRetransmits => _options.MaxRetransmits;

    /// <summary>The subprotocol.</summary>
    public string Protocol => _options.Protocol;

    /// <summary>Whether the application opened both sides itself.</summary>
    public bool Negotiated => _options.Negotiated;

    /// <summary>Its share of the association when several channels send.</summary>
    public Priority Priority => _options.Priority;

    /// <summary>The SCTP stream id; <see langword="null"/> until an answer has settled the DTLS roles, which decide it (RFC 8832, 6).</summary>
    public int? Id => _id is var id and >= 0 ? id : null;

    /// <summary>The state.</summary>
    public DataChannelState ReadyState => (DataChannelState)_state;

    /// <summary>Bytes of messages given to <c>Send</c> and not yet handed to the network. Stays as it is when the channel closes.</summary>
    public long BufferedAmount => _sendBuffer.Amount;

    /// <summary>When <see cref="BufferedAmount"/> sinks to this many bytes, <see cref="BufferedAmountLow"/> is raised. 0 by default.</summary>
    public long BufferedAmountLowThreshold
    {
        get => _sendBuffer.LowThreshold;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _sendBuffer.LowThreshold = value;
        }
    }

    /// <summary>W3C <c>open</c>: messages can be sent. If that came before the first handler, it is raised for that one.</summary>
    public event EventHandler? Open
    {
        add
        {
            bool isMissed;
            lock (_openGate)
            {
                _open += value;
                (isMissed, _isOpenMissed) = (_isOpenMissed, false);
            }

            if (isMissed)
            {
                _connection.Dispatcher.Post(RaiseOpen);
            }
        }

        remove
        {
            lock (_openGate)
            {
                _open -= value;
            }
        }
    }

    /// <summary>W3C <c>closing</c>: the peer closes the channel, or an error does. Not raised for a channel that is closed here.</summary>
    public event EventHandler? Closing;

    /// <summary>W3C <c>close</c>: the channel is closed.</summary>
    public event EventHandler? Closed;

    /// <summary>W3C <c>error</c>: the channel is closed by an error; <see cref="Closed"/> follows.</summary>
    public event EventHandler<RtcErrorEventArgs>? Error;

    /// <summary>W3C <c>bufferedamountlow</c>.</summary>
    public event EventHandler? BufferedAmountLow;

    /// <summary>W3C <c>message</c>. Messages that came before the first handler are raised too.</summary>
    public event EventHandler<DataChannelMessageEventArgs> Message
    {
        add
        {
            _message += value;
            ScheduleMessageEvents();
        }

        remove => _message -= value;
    }

    internal DataChannelOptions CreationOptions => _options;

    /// <summary>The association's handle; belongs to the loop.</summary>
    internal DataChannelId Handle { get; set; }

    internal bool WasOpened { get; private set; }

    /// <summary>The largest message that may be sent, in bytes.</summary>
    internal long MaxMessageSize => _connection.MaxMessageSize;

    /// <summary>Completes when the channel is open, or is never to be.</summary>
    internal Task WhenOpened => _opened.Task;

    /// <summary>Why what the peer sent may not be all here: the channel failed, or the connection before the peer had closed the channel. To be asked at the end.</summary>
    internal RtcException? ReadError =>
        _isClosedByPeer && _closeError is not RtcErrorException { ErrorDetail: RtcErrorDetail.DataChannelFailure } ? null : _closeError;

    /// <summary>Queues a string. A lone surrogate becomes U+FFFD, as in browsers.</summary>
    /// <exception cref="RtcException">InvalidStateError: not open. OperationError: the send buffer is full (<see cref="PeerConnectionOptions.MaxBufferedAmount"/>).</exception>
    /// <exception cref="ArgumentException">Longer, in UTF-8, than <see cref="SctpTransport.MaxMessageSize"/>.</exception>
    public void Send(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        ThrowIfUnsendable(Encoding.UTF8.GetByteCount(text));
        Send(Encode(text), isText: true);
    }

    /// <summary>Queues a copy of <paramref name="data"/>.</summary>
    /// <exception cref="RtcException">InvalidStateError: not open. OperationError: the send buffer is full (<see cref="PeerConnectionOptions.MaxBufferedAmount"/>).</exception>
    /// <exception cref="ArgumentException">Longer than <see cref="SctpTransport.MaxMessageSize"/>.</exception>
    public void Send(ReadOnlySpan<byte> data)
    {
        ThrowIfUnsendable(data.Length);
        Send(PooledBuffer.CopyOf(data), isText: false);
    }

    /// <summary>
    /// Queues a copy of <paramref name="data"/> as soon as no more than <see cref="PeerConnectionOptions.DataSendHighWaterMark"/> is queued. Calls are served in
    /// their order, one that waits included; only <c>Send</c> does not wait its turn.
    /// </summary>
    /// <param name="data">The message, borrowed until the task completes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RtcException">InvalidStateError: not open, or closed while waiting; nothing was queued.</exception>
    /// <exception cref="ArgumentException">Longer than <see cref="SctpTransport.MaxMessageSize"/>.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled; nothing was queued.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
    {
        ThrowIfUnsendable(data.Length);
        cancellationToken.ThrowIfCancellationRequested();
        if (_sendBuffer.TryAddAtOnce(data.Length))
        {
            _connection.Send(this, PooledBuffer.CopyOf(data.Span), isText: false);
        }
        else if (!await _sendBuffer.SendWhenRoomAsync(data, null, isText: false, cancellationToken).ConfigureAwait(false))
        {
            ThrowIfNotOpen();
        }
    }

    /// <summary>Queues a string as soon as no more than <see cref="PeerConnectionOptions.DataSendHighWaterMark"/> is queued.</summary>
    /// <inheritdoc cref="SendAsync(ReadOnlyMemory{byte}, CancellationToken)"/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask SendAsync(string text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        ThrowIfUnsendable(Encoding.UTF8.GetByteCount(text));
        cancellationToken.ThrowIfCancellationRequested();
        var message = Encode(text);
        if (_sendBuffer.TryAddAtOnce(message.Length))
        {
            _connection.Send(this, message, isText: true);
        }
        else if (!await _sendBuffer.SendWhenRoomAsync(default, message, isText: true, cancellationToken).ConfigureAwait(false))
        {
            ThrowIfNotOpen();
        }
    }

    /// <summary>
    /// All messages from now on, those waiting first, until the channel is closed. One reader at a time. A slow reader slows the peer down: no more than
    /// <see cref="PeerConnectionOptions.DataReceiveBufferSize"/> waits, over all channels.
    /// </summary>
    /// <exception cref="InvalidOperationException">Someone else is reading, or a handler is set.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled; no message is lost.</exception>
    public async IAsyncEnumerable<DataChannelMessage> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        BeginReading();
        try
        {
            while (await _inbox.WaitAsync(cancellationToken).ConfigureAwait(false))
            {
                while (!cancellationToken.IsCancellationRequested && TryTakeMessage(out var message))
                {
                    yield return message;
                }
            }
        }
        finally
        {
            EndReading();
        }
    }

    /// <summary>
    /// The channel as a <see cref="Stream"/>: for pipes, readers and writers, <see cref="Stream.CopyToAsync(Stream)"/>, and everything else that takes one.
    /// Message boundaries vanish. The stream is the channel's reader until it is disposed, which closes the channel.
    /// </summary>
    /// <returns>
    /// A stream to read and write asynchronously, one read and one write at a time; synchronous reads and writes throw <see cref="NotSupportedException"/>. Writes
    /// wait until the channel is open, then while much is queued, and are cut into messages of at most 64 KiB. Reads end when the peer closes the channel; text
    /// is read as its UTF-8. <see cref="Stream.DisposeAsync"/> waits until the peer has everything; neither side can close one direction alone.
    /// An end that is not in order is an <see cref="IOException"/>.
    /// </returns>
    /// <exception cref="InvalidOperationException">The channel is not ordered and reliable; someone else is reading; or a handler is set.</exception>
    public Stream AsStream()
    {
        if (this is not { Ordered: true, MaxRetransmits: null, MaxPacketLifeTime: null })
        {
            throw new InvalidOperationException("Only an ordered and reliable channel can be a stream.");
        }

        BeginReading();
        return new DataChannelStream(this);
    }

    /// <summary>
    /// Gives every message, those waiting first, to one handler on the connection's loop, without copying; <see langword="null"/> lets messages wait again.
    /// It takes precedence over the <see cref="Message"/> event.
    /// </summary>
    public void SetMessageHandler(DataChannelMessageHandler? handler) => _connection.PostToLoop(() =>
    {
        _handler = handler;
        while (_handler is not null && _inbox.TryTake(out var buffer, out var isText))
        {
            Lend(_handler, buffer, isText);
        }
    });

    /// <summary>
    /// Closes the channel once what was sent is delivered; <see cref="Closed"/> tells when. Does nothing if it is closing or closed already.
    /// Messages that nobody has taken are dropped, unless someone is reading; those that still come are dropped, as in browsers.
    /// </summary>
    public void Close()
    {
        _isClosedHere = true;
        if (TryMoveToClosing())
        {
            _connection.Close(this);
        }

        DropUnwanted();
    }

    /// <summary>
    /// Closes the channel as <see cref="Close"/> does, and waits until the peer's SCTP has acknowledged everything that was sent and both sides have closed.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait; the channel goes on closing.</param>
    /// <exception cref="RtcException">OperationError: the channel ended in another way, so that what was sent last may not have arrived.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task CloseAsync(CancellationToken cancellationToken = default)
    {
        Close();
        await _closed.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (_closeError is { } error)
        {
            throw RtcException.Operation($"The channel ended before it was closed in order: {error.Message}", error);
        }
    }

    internal void SetId(int id) => _id = id;

    /// <summary>A message has arrived and is given; on the loop.</summary>
    internal void Deliver(PooledBuffer buffer, bool isText)
    {
        if (_handler is { } handler)
        {
            Lend(handler, buffer, isText);
        }
        else if (!_inbox.TryAdd(buffer, isText))
        {
            Drop(buffer);
        }
        else if (_message is not null)
        {
            ScheduleMessageEvents();
        }
    }

    /// <summary>So many bytes have gone to the network; on the loop.</summary>
    internal void OnSent(long bytes)
    {
        if (_sendBuffer.Remove(bytes))
        {
            _connection.Dispatcher.Post(() => BufferedAmountLow?.Invoke(this, EventArgs.Empty));
        }
    }

    /// <summary>The channel can be used; on the loop, so that a lent-memory handler can send at once. The event follows on the dispatcher.</summary>
    internal bool TryOpen()
    {
        if (Interlocked.CompareExchange(ref _state, (int)DataChannelState.Open, (int)DataChannelState.Connecting) != (int)DataChannelState.Connecting)
        {
            return false;
        }

        WasOpened = true;
        _opened.TrySetResult();
        return true;
    }

    internal void RaiseOpen()
    {
        // W3C webrtc 6.2: not if it has been closed meanwhile.
        if (ReadyState != DataChannelState.Open)
        {
            return;
        }

        EventHandler? handler;
        lock (_openGate)
        {
            // A channel of a connected peer opens at once: maybe before whoever creates it has added a handler, on another thread.
            handler = _open;
            _isOpenMissed = handler is null;
        }

        handler?.Invoke(this, EventArgs.Empty);
    }

    /// <summary>The peer closes the channel, or an error does; on the dispatcher.</summary>
    internal void OnClosing()
    {
        _isClosedByPeer = true;
        if (TryMoveToClosing())
        {
            Closing?.Invoke(this, EventArgs.Empty);
        }
    }

    /// <summary>The channel is closed, in order if <paramref name="error"/> is <see langword="null"/>; <see cref="RaiseClosed"/> follows on the dispatcher.</summary>
    internal bool TryMoveToClosed(RtcException? error)
    {
        if (ReadyState == DataChannelState.Closed)
        {
            return false;
        }

        // Whoever is woken by the rest must find it.
        Interlocked.CompareExchange(ref _closeError, error, null);
        if (Interlocked.Exchange(ref _state, (int)DataChannelState.Closed) == (int)DataChannelState.Closed)
        {
            return false;
        }

        _opened.TrySetResult();
        _sendBuffer.Close();
        _inbox.Complete();
        return true;
    }

    /// <summary>Tells the application that the channel is closed; on the dispatcher.</summary>
    internal void RaiseClosed(RtcErrorException? error)
    {
        try
        {
            RaiseMessages();
            DropUnwanted();
            if (error is not null)
            {
                Error?.Invoke(this, new RtcErrorEventArgs(error));
            }
        }
        finally
        {
            try
            {
                Closed?.Invoke(this, EventArgs.Empty);
            }
            finally
            {
                _closed.TrySetResult();
            }
        }
    }

    /// <summary>Makes the caller the channel's one reader.</summary>
    internal void BeginReading()
    {
        if (_handler is not null || _message is not null)
        {
            throw new InvalidOperationException("Messages go to a handler or to a reader, not to both.");
        }

        _inbox.BeginReading();
    }

    internal void EndReading()
    {
        _inbox.EndReading();
        DropUnwanted();
    }

    /// <summary>Waits for a message; <see langword="false"/> when none will come any more. For the reader.</summary>
    internal ValueTask<bool> WaitForMessageAsync(CancellationToken cancellationToken) => _inbox.WaitAsync(cancellationToken);

    /// <summary>Takes the oldest message, which is given and goes back through <see cref="Release"/>. For the reader.</summary>
    internal bool TryTakeBuffer(out PooledBuffer buffer) => _inbox.TryTake(out buffer, out _);

    /// <summary>Gives a message back that has been read: the receive window opens.</summary>
    internal void Release(PooledBuffer buffer) => Drop(buffer);

    private static PooledBuffer Encode(string text)
    {
        var buffer = PooledBuffer.Rent(Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, buffer.Span);
        return buffer;
    }

    private void Send(PooledBuffer buffer, bool isText)
    {
        if (!_sendBuffer.TryAdd(buffer.Length))
        {
            buffer.Dispose();
            throw RtcException.Operation($"The send buffer holds {BufferedAmount:N0} bytes; its limit is {_connection.Options.MaxBufferedAmount:N0}.");
        }

        _connection.Send(this, buffer, isText);
    }

    private bool TryMoveToClosing()
    {
        while (true)
        {
            var state = _state;
            if (state is (int)DataChannelState.Closing or (int)DataChannelState.Closed)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref _state, (int)DataChannelState.Closing, state) == state)
            {
                _opened.TrySetResult();
                _sendBuffer.Close();
                return true;
            }
        }
    }

    private bool TryTakeMessage(out DataChannelMessage message)
    {
        if (!_inbox.TryTake(out var buffer, out var isText))
        {
            message = default;
            return false;
        }

        message = new DataChannelMessage(buffer.Span.ToArray(), isText);
        Drop(buffer);
        return true;
    }

    private void Lend(DataChannelMessageHandler handler, PooledBuffer buffer, bool isText)
    {
        try
        {
            handler(this, buffer.Span, isText);
        }
        catch (Exception exception)
        {
            _connection.OnHandlerFailed(exception);
        }

        Drop(buffer);
    }

    private void Drop(PooledBuffer buffer)
    {
        var length = buffer.Length;
        buffer.Dispose();
        _connection.ReleaseReceiveCredit(this, length);
    }

    // What nobody will take would hold the receive window for ever, and with it a peer that has to send the rest before it can close.
    private void DropUnwanted()
    {
        if (_isClosedHere && _message is null && _handler is null && !_inbox.HasReader)
        {
            while (_inbox.TryTake(out var buffer, out _))
            {
                Drop(buffer);
            }
        }
    }

    // One posted action raises all that waits: a burst of messages costs one hop.
    private void ScheduleMessageEvents()
    {
        if (Interlocked.Exchange(ref _eventsScheduled, 1) == 0)
        {
            _connection.Dispatcher.Post(() =>
            {
                Volatile.Write(ref _eventsScheduled, 0);
                RaiseMessages();
            });
        }
    }

    private void RaiseMessages()
    {
        while (_message is { } handlers && TryTakeMessage(out var message))
        {
            try
            {
                handlers(this, new DataChannelMessageEventArgs(message));
            }
            catch (Exception exception)
            {
                // The messages behind it are to be raised all the same.
                _connection.OnHandlerFailed(exception);
            }
        }
    }

    private void ThrowIfNotOpen()
    {
        if (ReadyState != DataChannelState.Open)
        {
            throw RtcException.InvalidState($"The channel is {ReadyState.ToW3CString()}, not open.");
        }
    }

    private void ThrowIfUnsendable(int length)
    {
        ThrowIfNotOpen();
        if (length > _connection.MaxMessageSize)
        {
            throw new ArgumentException($"A message may have at most {_connection.MaxMessageSize:N0} bytes, this one has {length:N0}.");
        }
    }
}
