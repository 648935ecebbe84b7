using WebRtcCore.Primitives;
using WebRtcCore.Sctp.Chunks;

namespace WebRtcCore.Sctp.Send;

/// <summary>
/// What waits to be sent, per stream, and whose turn it is. With DATA the fragments of a message have consecutive TSNs, so that a message once begun is finished
/// first; with I-DATA every fragment is a turn of its own.
/// </summary>
internal sealed class SendQueue
{
    // What a long backlog of small messages leaves behind for the next one.
    private const int MaxPooled = 8192;
    private readonly Dictionary<ushort, OutgoingStream> _streams = [];
    private readonly IStreamScheduler _scheduler;
    private readonly InterleavingLimit _limit = new();
    private readonly Queue<ushort> _fallen = new();
    private readonly Queue<ushort> _drained = new();
    private OutgoingMessage? _pool;
    private int _pooled;
    private OutgoingStream? _current;
    private OutgoingStream? _lastUsed;
    private bool _hasWaited;

    /// <summary>Creates an empty queue.</summary>
    public SendQueue(SctpStreamScheduling scheduling = SctpStreamScheduling.WeightedFair) =>
        _scheduler = scheduling == SctpStreamScheduling.RoundRobin ? new RoundRobinScheduler() : new WeightedFairScheduler();

    /// <summary>Whether messages are interleaved: the peer takes I-DATA.</summary>
    public bool IsInterleaving { get; private set; }

    /// <summary>How often a stream was looked at to find out whose turn it is: the work of scheduling.</summary>
    public long Choices { get; private set; }

    /// <summary>Messages waiting, the one half cut included.</summary>
    public int Count { get; private set; }

    /// <summary>Messages dropped because their lifetime was over before any of them was sent.</summary>
    public long Expired { get; private set; }

    /// <summary>Queues a copy of <paramref name="bytes"/>.</summary>
    public void Add(ushort streamId, in SctpSendParameters parameters, ReadOnlySpan<byte> bytes, Instant now)
    {
        var message = Take();
        message.Set(GetStream(streamId), parameters, bytes, now);
        Append(message);
    }

    /// <summary>Queues a buffer that is given.</summary>
    public void Add(ushort streamId, in SctpSendParameters parameters, PooledBuffer given, Instant now)
    {
        var message = Take();
        message.Set(GetStream(streamId), parameters, given, now);
        Append(message);
    }

    /// <summary>The stream's queue, made on first use.</summary>
    public OutgoingStream GetStream(ushort streamId)
    {
        if (_lastUsed?.Id == streamId)
        {
            return _lastUsed;
        }

        if (!_streams.TryGetValue(streamId, out var stream))
        {
            _streams[streamId] = stream = new OutgoingStream(streamId);
        }

        return _lastUsed = stream;
    }

    /// <summary>Tells what the peer takes.</summary>
    /// <param name="isInterleaving">Whether it takes I-DATA.</param>
    /// <param name="receiveBuffer">Bytes that it can hold.</param>
    /// <param name="fragmentLength">The longest message that travels in one fragment.</param>
    public void Configure(bool isInterleaving, long receiveBuffer, int fragmentLength)
    {
        IsInterleaving = isInterleaving;

        // The other half is for complete messages that its application has not taken yet.
        _limit.Bytes = receiveBuffer / 2;
        _limit.FragmentLength = fragmentLength;
    }

    /// <summary>Chooses the message whose next fragment is to be sent. Those that have expired unsent are dropped on the way.</summary>
    public bool TryPeek(Instant now, out OutgoingMessage message)
    {
        while (true)
        {
            if (_current?.First is not { } first)
            {
                if (!TryChoose())
                {
                    message = null!;
                    return false;
                }

                continue;
            }

            if (first.Cut == 0 && first.IsExpired(now))
            {
                Expired++;
                Discard(first);
                continue;
            }

            if (IsInterleaving && first.Cut == 0 && !(_hasWaited ? _limit.Fits(first) : _limit.MayBegin(first)))
            {
                _limit.Defer(_current);
                _current = null;
                continue;
            }

            message = first;
            return true;
        }
    }

    /// <summary>Notes that <paramref name="bytes"/> of the message chosen are in a fragment now; the first fragment gets it its number.</summary>
    public void Cut(OutgoingMessage message, int bytes)
    {
        var stream = message.Stream;
        if (message.Cut == 0)
        {
            message.MessageId = message.IsUnordered ? stream.NextUnorderedId++ : stream.NextOrderedId++;
            if (IsInterleaving && bytes < message.Length)
            {
                _limit.OnBegun(message);
            }
        }

        message.Cut += bytes;
        _scheduler.OnSent(stream, bytes + DataChunk.HeaderLength);
        Reduce(message, bytes);
        if (message.IsFullyCut)
        {
            RemoveFirst(stream);
        }
        else if (!IsInterleaving)
        {
            return;
        }

        EndTurn(stream);
    }

    /// <summary>Gives up the rest of a message that has been begun. The caller still owns the message, through its fragments.</summary>
    public void DiscardRest(OutgoingMessage message)
    {
        Reduce(message, message.Length - message.Cut);
        message.Cut = message.Length;
        RemoveFirst(message.Stream);
        EndTurn(message.Stream);
    }

    /// <summary>Asks for the stream to be reported by <see cref="TryTakeDrained"/> once nothing of it is waiting. Asking twice does no harm.</summary>
    public void AwaitDrain(ushort streamId)
    {
        var stream = GetStream(streamId);
        if (!stream.IsDrainAwaited)
        {
            stream.IsDrainAwaited = true;
            ReportIfDrained(stream);
        }
    }

    /// <summary>Whether <see cref="TryTakeDrained"/> may have something.</summary>
    public bool HasDrained => _drained.Count > 0;

    /// <summary>Takes a stream that was to be reported and of which nothing is waiting.</summary>
    public bool TryTakeDrained(out ushort streamId)
    {
        while (_drained.TryDequeue(out streamId))
        {
            // More may have been queued since; then it is reported another time.
            if (GetStream(streamId) is { IsDrainAwaited: true } stream && (stream.IsEmpty || stream.IsPaused))
            {
                stream.IsDrainAwaited = false;
                return true;
            }
        }

        return false;
    }

    /// <summary>Nothing more is cut from the stream until it is resumed.</summary>
    public void Pause(ushort streamId) => GetStream(streamId).IsPaused = true;

    /// <summary>The stream goes on; after a reset its numbers begin at 0 (RFC 6525, 5.2.7).</summary>
    public void Resume(ushort streamId, bool isReset)
    {
        var stream = GetStream(streamId);
        stream.IsPaused = false;
        if (isReset)
        {
            stream.RestartNumbers();
        }

        Schedule(stream);
    }

    /// <summary>Takes a stream whose buffered amount has fallen to its threshold.</summary>
    public bool TryTakeFallen(out ushort streamId) => _fallen.TryDequeue(out streamId);

    /// <summary>Gives a finished message's bytes and object back.</summary>
    public void Recycle(OutgoingMessage message)
    {
        message.ReleaseBytes();
        if (_pooled < MaxPooled)
        {
            _pooled++;
            message.Following = _pool;
            _pool = message;
        }
    }

    /// <summary>Drops every message.</summary>
    public void Clear()
    {
        foreach (var stream in _streams.Values)
        {
            while (stream.First is not null)
            {
                stream.RemoveFirst().ReleaseBytes();
            }
        }

        _streams.Clear();
        _scheduler.Clear();
        _limit.Clear();
        _drained.Clear();
        _lastUsed = null;
        _current = null;
        Count = 0;
    }

    private void Append(OutgoingMessage message)
    {
        Count++;
        message.Stream.Append(message);
        Schedule(message.Stream);
    }

    private void Discard(OutgoingMessage message)
    {
        var stream = message.Stream;
        Reduce(message, message.Length);
        RemoveFirst(stream);
        Recycle(message);
        EndTurn(stream);
    }

    private void RemoveFirst(OutgoingStream stream)
    {
        Count--;
        _limit.OnEnded(stream.RemoveFirst());
        ReportIfDrained(stream);
    }

    private void ReportIfDrained(OutgoingStream stream)
    {
        if (stream.IsDrainAwaited && (stream.IsEmpty || stream.IsPaused))
        {
            _drained.Enqueue(stream.Id);
        }
    }

    private void EndTurn(OutgoingStream stream)
    {
        if (_current == stream)
        {
            _current = null;
        }

        Schedule(stream);
    }

    // Those that had to wait go first as soon as there is room for them.
    private bool TryChoose()
    {
        _current = null;
        _hasWaited = _limit.TryTake(out var next);
        if (!_hasWaited)
        {
            if (!_scheduler.TryTake(out next))
            {
                return false;
            }

            next.IsScheduled = false;
        }

        Choices++;
        _current = next is { IsPaused: false, IsEmpty: false } ? next : null;
        return true;
    }

    private void Reduce(OutgoingMessage message, int bytes)
    {
        if (message.Stream.Reduce(message, bytes))
        {
            _fallen.Enqueue(message.Stream.Id);
        }
    }

    private void Schedule(OutgoingStream stream)
    {
        if (stream is { IsScheduled: false, IsDeferred: false, IsEmpty: false, IsPaused: false } && stream != _current)
        {
            stream.IsScheduled = true;
            _scheduler.Add(stream);
        }
    }

    private OutgoingMessage Take()
    {
        if (_pool is not { } message)
        {
            return new OutgoingMessage();
        }

        _pooled--;
        _pool = message.Following;
        return message;
    }
}
