using System.Collections.Concurrent;
using WebRtcCore.Diagnostics;
using WebRtcCore.Primitives;
using WebRtcCore.Sctp;
using WebRtcCore.Sctp.Dcep;
using WebRtcCore.Session;
using WebRtcCore.Session.Negotiation;

namespace WebRtcCore;

/// <summary>
/// The data channels of a connection: creates them, carries what the application sends to the loop, and what the association tells to them.
/// </summary>
internal sealed class DataChannelRegistry : IDataChannelOperations, ILoopOutbox
{
    private const long DefaultMaxMessageSize = 65_536;

    private readonly ConnectionContext _context;
    private readonly SessionDriver _driver;
    private readonly ConnectionStates _states;
    private readonly ConcurrentQueue<Outgoing> _outbox = new();
    private readonly ConcurrentQueue<(DataChannelId Channel, int Bytes)> _credits = new();

    // These three belong to the loop.
    private readonly Dictionary<DataChannelId, DataChannel> _byHandle = [];
    private readonly Dictionary<DataChannel, Sending> _handles = [];
    private readonly List<Sending> _sending = [];

    // Guarded by the gate.
    private readonly HashSet<DataChannel> _channels = [];
    private readonly DataChannelIds _ids = new();
    private readonly List<DataChannel> _unsettled = [];
    private long _opened;
    private long _closed;

    // Belongs to the dispatcher.
    private NegotiatedSession? _applied;

    public DataChannelRegistry(ConnectionContext context, SessionDriver driver, ConnectionStates states)
    {
        _context = context;
        _driver = driver;
        _states = states;
        driver.AddOutbox(this);
    }

    public ApiDispatcher Dispatcher => _context.Dispatcher;

    public PeerConnectionOptions Options => _context.Options;

    public long MaxMessageSize => _states.Sctp?.MaxMessageSize ?? DefaultMaxMessageSize;

    /// <summary>Channels that have been open, and those of them that are closed, for statistics.</summary>
    public (long Opened, long Closed) Counts
    {
        get
        {
            lock (_context.Gate)
            {
                return (_opened, _closed);
            }
        }
    }

    /// <summary>W3C webrtc 6.1, createDataChannel.</summary>
    public DataChannel Create(string label, DataChannelOptions options)
    {
        DataChannelRules.Validate(label, options);
        DataChannel channel;
        lock (_context.Gate)
        {
            channel = new DataChannel(this, DataChannelRules.ToWellFormed(label), options with { Protocol = DataChannelRules.ToWellFormed(options.Protocol) }, DataChannelState.Connecting);
            TakeId(channel);
            _channels.Add(channel);
            if (_states.Sctp is null)
            {
                _unsettled.Add(channel);
                return channel;
            }

            // Under the gate, so that channels reach the loop in the order of their ids.
            Enqueue(new Outgoing(OutgoingKind.Open, channel));
        }

        return channel;
    }

    /// <summary>The channels that are not closed, on the loop, with what their statistics need.</summary>
    public IEnumerable<(DataChannel Channel, DataChannelId Handle)> GetAll() => _byHandle.Select(pair => (pair.Value, pair.Key));

    /// <summary>
    /// A description has settled something; on the dispatcher. With an answer the DTLS roles are known, and ids are given to the channels that wait for them;
    /// or the peer has rejected the data m-line, and none can ever open.
    /// </summary>
    public void Apply(NegotiatedSession session)
    {
        // An offer and a rollback bring up again what was settled before.
        if (ReferenceEquals(session, _applied))
        {
            return;
        }

        _applied = session;
        if (session.IsDataRejected)
        {
            var error = new RtcErrorException(RtcErrorDetail.DataChannelFailure, "The peer does not take data channels.");
            foreach (var channel in Snapshot())
            {
                Close(channel, error);
            }
        }
        else if (session is { HasAnswer: true, Data: not null })
        {
            Settle();
        }
    }

    /// <summary>Closes all channels at once because the connection is closed: their state now, their events later.</summary>
    public void CloseAll()
    {
        var error = RtcException.InvalidState("The connection was closed.");
        var closed = new List<DataChannel>();
        foreach (var channel in Snapshot())
        {
            Remove(channel);
            if (channel.TryMoveToClosed(error))
            {
                closed.Add(channel);
            }
        }

        foreach (var channel in closed)
        {
            Dispatcher.Post(() => channel.RaiseClosed(null));
        }
    }

    /// <summary>The transport below has ended; on the dispatcher.</summary>
    public void OnTransportEnded(bool hasFailed)
    {
        RtcException error = hasFailed
            ? new RtcErrorException(RtcErrorDetail.SctpFailure, "DTLS has failed.")
            : RtcException.Operation("The peer has closed the connection.");
        foreach (var channel in Snapshot())
        {
            Close(channel, error);
        }
    }

    /// <summary>The channels that are not closed.</summary>
    public DataChannel[] Snapshot()
    {
        lock (_context.Gate)
        {
            return [.. _channels];
        }
    }

    public void Send(DataChannel channel, PooledBuffer message, bool isText) =>
        Enqueue(new Outgoing(isText ? OutgoingKind.Text : OutgoingKind.Binary, channel, message));

    public void Close(DataChannel channel)
    {
        bool isUnsettled;
        lock (_context.Gate)
        {
            isUnsettled = _unsettled.Remove(channel);
        }

        if (isUnsettled)
        {
            // The loop has never heard of it.
            Dispatcher.Post(() => Close(channel, null));
        }
        else
        {
            // Behind what was sent before.
            Enqueue(new Outgoing(OutgoingKind.Close, channel));
        }
    }

    public void ReleaseReceiveCredit(DataChannel channel, int bytes)
    {
        _credits.Enqueue((channel.Handle, bytes));
        _driver.Wake();
    }

    public void PostToLoop(Action action) => _driver.Post((_, _) => action());

    public void OnHandlerFailed(Exception exception) => Log.HandlerFailed(_context.Logger, exception);

    public void Drain(RtcSession session, Instant now)
    {
        while (_credits.TryDequeue(out var credit))
        {
            session.Data.ReleaseReceiveCredit(credit.Channel, credit.Bytes, now);
        }

        while (_outbox.TryDequeue(out var item))
        {
            Handle(session, item, now);
        }
    }

    public void AfterTransmit(RtcSession session)
    {
        for (var i = _sending.Count - 1; i >= 0; i--)
        {
            var sending = _sending[i];
            var buffered = session.Data.GetBufferedAmount(sending.Handle);
            if (buffered < sending.Buffered)
            {
                var sent = sending.Buffered - buffered;
                sending.Buffered = buffered;
                sending.Channel.OnSent(sent);
            }

            if (buffered == 0)
            {
                sending.IsListed = false;
                _sending[i] = _sending[^1];
                _sending.RemoveAt(_sending.Count - 1);
            }
        }

        // Senders that waited for room have been let in after this turn's drain.
        if (!_outbox.IsEmpty)
        {
            _driver.WakeAgain();
        }
    }

    public void OnOpened(RtcSession session, DataChannelId handle)
    {
        if (_byHandle.TryGetValue(handle, out var channel))
        {
            if (channel.TryOpen())
            {
                CountOpened();
                Dispatcher.Post(channel.RaiseOpen);
            }
        }
    }

    /// <summary>The peer has opened a channel; the caller raises the event, then the channel's own.</summary>
    public DataChannel OnIncoming(DataChannelId handle, DataChannelParameters parameters)
    {
        var options = new DataChannelOptions
        {
            Ordered = parameters.Ordered,
            MaxRetransmits = parameters.MaxRetransmits,
            MaxPacketLifeTime = parameters.MaxPacketLifeTime,
            Protocol = parameters.Protocol,
            Priority = DataChannelRules.FromWeight(parameters.Priority),
        };
        var channel = new DataChannel(this, parameters.Label, options, DataChannelState.Open);
        channel.SetId(parameters.Id!.Value);
        Register(channel, handle);
        lock (_context.Gate)
        {
            _channels.Add(channel);
            _ids.Give(parameters.Id.Value, channel);
            _opened++;
        }

        return channel;
    }

    public void OnMessage(DataChannelId handle, DataChannelMessageKind kind, PooledBuffer message)
    {
        if (_byHandle.TryGetValue(handle, out var channel))
        {
            channel.Deliver(message, kind == DataChannelMessageKind.Text);
        }
        else
        {
            _credits.Enqueue((handle, message.Length));
            message.Dispose();
        }
    }

    public void OnClosing(DataChannelId handle)
    {
        if (_byHandle.TryGetValue(handle, out var channel))
        {
            Dispatcher.Post(channel.OnClosing);
        }
    }

    public void OnClosed(DataChannelId handle, SctpError? error)
    {
        if (_byHandle.Remove(handle, out var channel))
        {
            _handles.Remove(channel);
            var exception = error is null
                ? null
                : new RtcErrorException(DataChannelRules.Classify(error.Kind), error.Reason ?? $"The channel ended: {error.Kind}.") { SctpCauseCode = error.CauseCode };
            Dispatcher.Post(() => Close(channel, exception, keepsId: error?.Kind == SctpErrorKind.ResetFailed));
        }
    }

    private void Open(RtcSession session, DataChannel channel, Instant now)
    {
        try
        {
            var options = channel.CreationOptions;
            var handle = session.Data.OpenChannel(
                new DataChannelParameters
                {
                    Label = channel.Label,
                    Protocol = options.Protocol,
                    Ordered = options.Ordered,
                    MaxRetransmits = (ushort?)options.MaxRetransmits,
                    MaxPacketLifeTime = options.MaxPacketLifeTime,
                    Priority = DataChannelRules.ToWeight(options.Priority),
                    Negotiated = options.Negotiated,
                    Id = (ushort)channel.Id!.Value,
                },
                now);
            Register(channel, handle);
        }
        catch (InvalidOperationException exception)
        {
            // The peer has been faster with this id, or the association has ended.
            var error = new RtcErrorException(RtcErrorDetail.DataChannelFailure, exception.Message);
            Dispatcher.Post(() => Close(channel, error));
        }
    }

    private void Register(DataChannel channel, DataChannelId handle)
    {
        channel.Handle = handle;
        _byHandle.Add(handle, channel);
        _handles.Add(channel, new Sending(channel, handle));
    }

    private void Enqueue(in Outgoing item)
    {
        _outbox.Enqueue(item);
        _driver.Wake();
    }

    private void Handle(RtcSession session, in Outgoing item, Instant now)
    {
        if (item.Kind == OutgoingKind.Open)
        {
            Open(session, item.Channel, now);
        }
        else if (!_handles.TryGetValue(item.Channel, out var sending))
        {
            item.Message?.Dispose();
        }
        else if (item.Message is { } message)
        {
            Send(session, sending, message, item.Kind == OutgoingKind.Text, now);
        }
        else
        {
            session.Data.CloseChannel(sending.Handle, now);
        }
    }

    private void Send(RtcSession session, Sending sending, PooledBuffer message, bool isText, Instant now)
    {
        var length = message.Length;
        var kind = isText ? DataChannelMessageKind.Text : DataChannelMessageKind.Binary;
        if (session.Data.Send(sending.Handle, kind, message, now) != DataChannelSendResult.Queued)
        {
            // The channel closed meanwhile; W3C keeps bufferedAmount, but nobody may wait for it.
            message.Dispose();
            sending.Channel.OnSent(length);
            return;
        }

        sending.Buffered += length;
        if (!sending.IsListed)
        {
            sending.IsListed = true;
            _sending.Add(sending);
        }
    }

    // W3C webrtc 6.1: an id that is asked for must be free; one that is not is chosen as soon as the DTLS role says which are this side's. Under the gate.
    private void TakeId(DataChannel channel)
    {
        if (channel.Negotiated)
        {
            if (channel.Id >= _states.Sctp?.MaxChannels)
            {
                throw RtcException.Operation($"The id {channel.Id} is beyond the {_states.Sctp.MaxChannels:N0} channels of this connection.");
            }

            if (!_ids.TryTake(channel.Id!.Value, channel))
            {
                throw RtcException.Operation($"The id {channel.Id} is in use.");
            }
        }
        else if (_states.Sctp is not null && !TryChooseId(channel))
        {
            throw RtcException.Operation("No id is left for another channel.");
        }
    }

    private bool TryChooseId(DataChannel channel)
    {
        var count = _states.Sctp?.MaxChannels ?? DataChannelIds.MaxId + 1;
        if (!_ids.TryTakeFree(_states.DtlsRole == DtlsRole.Client, count, channel, out var id))
        {
            return false;
        }

        channel.SetId(id);
        return true;
    }

    private void Settle()
    {
        var tooMany = new List<DataChannel>();
        lock (_context.Gate)
        {
            foreach (var channel in _unsettled)
            {
                if (channel.Id is null && !TryChooseId(channel))
                {
                    tooMany.Add(channel);
                }
                else
                {
                    Enqueue(new Outgoing(OutgoingKind.Open, channel));
                }
            }

            _unsettled.Clear();
        }

        foreach (var channel in tooMany)
        {
            Close(channel, new RtcErrorException(RtcErrorDetail.DataChannelFailure, "No id is left for the channel."));
        }
    }

    // On the dispatcher.
    private void Close(DataChannel channel, RtcException? error, bool keepsId = false)
    {
        Remove(channel, keepsId);
        if (channel.TryMoveToClosed(error))
        {
            channel.RaiseClosed(error as RtcErrorException);
        }
    }

    private void Remove(DataChannel channel, bool keepsId = false)
    {
        lock (_context.Gate)
        {
            if (!_channels.Remove(channel))
            {
                return;
            }

            _unsettled.Remove(channel);
            _closed += channel.WasOpened ? 1 : 0;
            if (channel.Id is { } id && !keepsId)
            {
                _ids.Release(id, channel);
            }
        }
    }

    private void CountOpened()
    {
        lock (_context.Gate)
        {
            _opened++;
        }
    }

    /// <summary>What the application wants of a channel, in the order of its calls.</summary>
    private readonly record struct Outgoing(OutgoingKind Kind, DataChannel Channel, PooledBuffer? Message = null);

    private enum OutgoingKind
    {
        Open,
        Text,
        Binary,
        Close,
    }

    /// <summary>What the loop knows of a channel that sends.</summary>
    private sealed class Sending(DataChannel channel, DataChannelId handle)
    {
        public DataChannel Channel { get; } = channel;

        public DataChannelId Handle { get; } = handle;

        /// <summary>Bytes handed to the association and not yet sent.</summary>
        public long Buffered { get; set; }

        public bool IsListed { get; set; }
    }
}
