using System.Collections.Concurrent;
using System.Text;
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
    /// <summary>How many channels a connection can have (RFC 8831 6.4: ids 0 to 65,534).</summary>
    public const int MaxChannels = 65_535;

    private const int MaxStringBytes = 65_535;
    private const int MaxId = MaxChannels - 1;
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
    private long _opened;
    private long _closed;

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
        Validate(label, options);
        DataChannel channel;
        lock (_context.Gate)
        {
            if (options.Negotiated && _channels.Any(other => other.Id == options.Id && other.ReadyState != DataChannelState.Closed))
            {
                throw RtcException.Operation($"The id {options.Id} is in use.");
            }

            channel = new DataChannel(this, label, options, DataChannelState.Connecting);
            _channels.Add(channel);
        }

        _driver.Post((session, now) => Open(session, channel, now));
        return channel;
    }

    /// <summary>The channels that are not closed, on the loop, with what their statistics need.</summary>
    public IEnumerable<(DataChannel Channel, DataChannelId Handle)> GetAll() => _byHandle.Select(pair => (pair.Value, pair.Key));

    /// <summary>The peer may have rejected the data m-line: then no channel can ever open.</summary>
    public void Apply(NegotiatedSession session)
    {
        if (session is { HasAnswer: true, Data: null })
        {
            var error = new RtcErrorException(RtcErrorDetail.DataChannelFailure, "The peer does not take data channels.");
            foreach (var channel in Snapshot())
            {
                Close(channel, error);
            }
        }
    }

    /// <summary>The connection is closed; on the dispatcher.</summary>
    public void CloseAll()
    {
        foreach (var channel in Snapshot())
        {
            Close(channel, null);
        }
    }

    public void Send(DataChannel channel, PooledBuffer message, bool isText)
    {
        _outbox.Enqueue(new Outgoing(channel, message, isText));
        _driver.Wake();
    }

    public void Close(DataChannel channel)
    {
        // It goes through the outbox, behind what was sent before.
        _outbox.Enqueue(new Outgoing(channel, null, false));
        _driver.Wake();
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
            if (!_handles.TryGetValue(item.Channel, out var sending))
            {
                item.Message?.Dispose();
            }
            else if (item.Message is { } message)
            {
                Send(session, sending, message, item.IsText, now);
            }
            else
            {
                session.Data.CloseChannel(sending.Handle, now);
            }
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
    }

    public void OnOpened(RtcSession session, DataChannelId handle)
    {
        if (_byHandle.TryGetValue(handle, out var channel))
        {
            if (session.Data.GetStreamId(handle) is { } id)
            {
                channel.SetId(id);
            }

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
            Priority = FromWeight(parameters.Priority),
        };
        var channel = new DataChannel(this, parameters.Label, options, DataChannelState.Open);
        channel.SetId(parameters.Id!.Value);
        Register(channel, handle);
        lock (_context.Gate)
        {
            _channels.Add(channel);
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
                : new RtcErrorException(
                    error.Kind is SctpErrorKind.AbortedByPeer or SctpErrorKind.PeerUnreachable ? RtcErrorDetail.SctpFailure : RtcErrorDetail.DataChannelFailure,
                    error.Reason ?? $"The channel ended: {error.Kind}.")
                { SctpCauseCode = error.CauseCode };
            Dispatcher.Post(() => Close(channel, exception));
        }
    }

    private static void Validate(string label, DataChannelOptions options)
    {
        if (Encoding.UTF8.GetByteCount(label) > MaxStringBytes)
        {
            throw new ArgumentException("A label has at most 65,535 bytes of UTF-8.", nameof(label));
        }

        if (Encoding.UTF8.GetByteCount(options.Protocol) > MaxStringBytes)
        {
            throw new ArgumentException("A protocol has at most 65,535 bytes of UTF-8.", nameof(options));
        }

        if (options is { MaxPacketLifeTime: not null, MaxRetransmits: not null })
        {
            throw new ArgumentException("MaxPacketLifeTime and MaxRetransmits exclude each other.", nameof(options));
        }

        if (options.MaxPacketLifeTime is { TotalMilliseconds: < 0 or > ushort.MaxValue } || options.MaxRetransmits is < 0 or > ushort.MaxValue)
        {
            throw new ArgumentOutOfRangeException(nameof(options), "MaxPacketLifeTime and MaxRetransmits are 0 to 65,535.");
        }

        if (options.Negotiated && options.Id is null or < 0 or > MaxId)
        {
            throw new ArgumentException("A negotiated channel needs an id of 0 to 65,534.", nameof(options));
        }
    }

    private static ushort ToWeight(Priority priority) => priority switch
    {
        Priority.VeryLow => 128,
        Priority.Medium => 512,
        Priority.High => 1024,
        _ => 256,
    };

    // RFC 8831 6.4 and W3C webrtc 6.1: values in between belong to the step below.
    private static Priority FromWeight(ushort weight) => weight switch
    {
        <= 128 => Priority.VeryLow,
        <= 256 => Priority.Low,
        <= 512 => Priority.Medium,
        _ => Priority.High,
    };

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
                    Priority = ToWeight(options.Priority),
                    Negotiated = options.Negotiated,
                    Id = options.Negotiated ? (ushort?)options.Id : null,
                },
                now);
            Register(channel, handle);
        }
        catch (InvalidOperationException exception)
        {
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

    private void Close(DataChannel channel, RtcErrorException? error)
    {
        lock (_context.Gate)
        {
            if (_channels.Remove(channel) && channel.WasOpened)
            {
                _closed++;
            }
        }

        channel.OnClosed(error);
    }

    private void CountOpened()
    {
        lock (_context.Gate)
        {
            _opened++;
        }
    }

    private DataChannel[] Snapshot()
    {
        lock (_context.Gate)
        {
            return [.. _channels];
        }
    }

    /// <summary>A message to send, or, without one, the wish to close the channel.</summary>
    private readonly record struct Outgoing(DataChannel Channel, PooledBuffer? Message, bool IsText);

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
