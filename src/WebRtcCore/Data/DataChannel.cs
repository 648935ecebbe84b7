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
/// Messages reach the application one of three ways: the <see cref="Message"/> event, <see cref="ReadAllAsync"/>, or the lent-memory handler of
/// <see cref="SetMessageHandler"/>. Until one of them is there, messages wait, and the peer is slowed down by the receive window; none is lost.
/// </remarks>
public sealed class DataChannel
{
    private readonly IDataChannelOperations _connection;
    private readonly DataChannelOptions _options;
    private readonly DataChannelInbox _inbox = new();
    private readonly DataChannelSendBuffer _sendBuffer;
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile DataChannelMessageHandler? _handler;
    private EventHandler<DataChannelMessageEventArgs>? _message;
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
        _sendBuffer = new DataChannelSendBuffer(connection.Options.DataSendHighWaterMark);
        if (options.Negotiated)
        {
            _id = options.Id!.Value;
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

    /// <summary>The SCTP stream id; <see langword="null"/> until the DTLS role decides it.</summary>
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

    /// <summary>W3C <c>open</c>: messages can be sent.</summary>
    public event EventHandler? Open;

    /// <summary>W3C <c>closing</c>: the channel is being closed by either side.</summary>
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

    /// <summary>Completes when the channel is closed.</summary>
    internal Task WhenClosed => _closed.Task;

    /// <summary>Queues a string.</summary>
    /// <exception cref="RtcException">InvalidStateError: not open. OperationError: the send buffer is full (<see cref="PeerConnectionOptions.MaxBufferedAmount"/>).</exception>
    /// <exception cref="ArgumentException">Longer, in UTF-8, than <see cref="SctpTransport.MaxMessageSize"/>.</exception>
    public void Send(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var buffer = PooledBuffer.Rent(Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, buffer.Span);
        Send(buffer, isText: true);
    }

    /// <summary>Queues a copy of <paramref name="data"/>.</summary>
    /// <exception cref="RtcException">InvalidStateError: not open. OperationError: the send buffer is full (<see cref="PeerConnectionOptions.MaxBufferedAmount"/>).</exception>
    /// <exception cref="ArgumentException">Longer than <see cref="SctpTransport.MaxMessageSize"/>.</exception>
    public void Send(ReadOnlySpan<byte> data) => Send(PooledBuffer.CopyOf(data), isText: false);

    /// <summary>Queues a copy of <paramref name="data"/> as soon as no more than <see cref="PeerConnectionOptions.DataSendHighWaterMark"/> is queued.</summary>
    /// <exception cref="RtcException">InvalidStateError: not open, or closed while waiting.</exception>
    /// <exception cref="ArgumentException">Longer than <see cref="SctpTransport.MaxMessageSize"/>.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled; nothing was queued.</exception>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
    {
        ThrowIfTooLong(data.Length);
        await WaitForRoomAsync(cancellationToken).ConfigureAwait(false);
        Send(data.Span);
    }

    /// <summary>Queues a string as soon as no more than <see cref="PeerConnectionOptions.DataSendHighWaterMark"/> is queued.</summary>
    /// <inheritdoc cref="SendAsync(ReadOnlyMemory{byte}, CancellationToken)"/>
    public async ValueTask SendAsync(string text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        await WaitForRoomAsync(cancellationToken).ConfigureAwait(false);
        Send(text);
    }

    /// <summary>
    /// All messages from now on, those waiting first, until the channel is closed. One reader at a time. A slow reader slows the peer down.
    /// </summary>
    /// <exception cref="InvalidOperationException">Someone else is reading, or a handler is set.</exception>
    public async IAsyncEnumerable<DataChannelMessage> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (_handler is not null || _message is not null)
        {
            throw new InvalidOperationException("Messages go to a handler or to a reader, not to both.");
        }

        using var claim = _inbox.BeginReading();
        while (await _inbox.WaitAsync(cancellationToken).ConfigureAwait(false))
        {
            while (TryTakeMessage(out var message))
            {
                yield return message;
            }
        }
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
    /// </summary>
    public void Close()
    {
        if (TryMoveToClosing())
        {
            _connection.Close(this);
        }
    }

    internal void SetId(int id) => _id = id;

    /// <summary>A message has arrived and is given; on the loop.</summary>
    internal void Deliver(PooledBuffer buffer, bool isText)
    {
        if (_handler is { } handler)
        {
            Lend(handler, buffer, isText);
            return;
        }

        _inbox.Add(buffer, isText);
        if (_message is not null)
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
        return true;
    }

    internal void RaiseOpen() => Open?.Invoke(this, EventArgs.Empty);

    /// <summary>The peer closes the channel; on the dispatcher.</summary>
    internal void OnClosing()
    {
        if (TryMoveToClosing())
        {
            Closing?.Invoke(this, EventArgs.Empty);
        }
    }

    /// <summary>The channel is closed, by an error if there is one; on the dispatcher.</summary>
    internal void OnClosed(RtcErrorException? error)
    {
        if (Interlocked.Exchange(ref _state, (int)DataChannelState.Closed) == (int)DataChannelState.Closed)
        {
            return;
        }

        _inbox.Complete();
        _sendBuffer.Close();
        _closed.TrySetResult();
        RaiseMessages();
        if (error is not null)
        {
            Error?.Invoke(this, new RtcErrorEventArgs(error));
        }

        Closed?.Invoke(this, EventArgs.Empty);
    }

    private void Send(PooledBuffer buffer, bool isText)
    {
        var length = buffer.Length;
        try
        {
            ThrowIfNotOpen();
            ThrowIfTooLong(length);
            if (!_sendBuffer.TryAdd(length, _connection.Options.MaxBufferedAmount))
            {
                throw RtcException.Operation($"The send buffer holds {BufferedAmount:N0} bytes; its limit is {_connection.Options.MaxBufferedAmount:N0}.");
            }
        }
        catch
        {
            buffer.Dispose();
            throw;
        }

        _connection.Send(this, buffer, isText);
    }

    private ValueTask WaitForRoomAsync(CancellationToken cancellationToken)
    {
        ThrowIfNotOpen();
        cancellationToken.ThrowIfCancellationRequested();
        return _sendBuffer.WaitForRoomAsync(cancellationToken);
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

        using (buffer)
        {
            message = new DataChannelMessage(buffer.Span.ToArray(), isText);
        }

        _connection.ReleaseReceiveCredit(this, message.Data.Length);
        return true;
    }

    private void Lend(DataChannelMessageHandler handler, PooledBuffer buffer, bool isText)
    {
        var length = buffer.Length;
        try
        {
            handler(this, buffer.Span, isText);
        }
        catch (Exception exception)
        {
            _connection.OnHandlerFailed(exception);
        }

        buffer.Dispose();
        _connection.ReleaseReceiveCredit(this, length);
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
            handlers(this, new DataChannelMessageEventArgs(message));
        }
    }

    private void ThrowIfNotOpen()
    {
        if (ReadyState != DataChannelState.Open)
        {
            throw RtcException.InvalidState($"The channel is {ReadyState.ToW3CString()}, not open.");
        }
    }

    private void ThrowIfTooLong(int length)
    {
        if (length > _connection.MaxMessageSize)
        {
            throw new ArgumentException($"A message may have at most {_connection.MaxMessageSize:N0} bytes, this one has {length:N0}.");
        }
    }
}
