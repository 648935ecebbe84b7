using WebRtcCore.Primitives;

namespace WebRtcCore.Sctp.Send;

/// <summary>
/// What waits to be sent, per stream; streams take turns, message by message: with DATA chunks the fragments of a message have consecutive TSNs, so that a
/// message once begun is finished first.
/// </summary>
internal sealed class SendQueue
{
    // What a long backlog of small messages leaves behind for the next one.
    private const int MaxPooled = 8192;
    private readonly Dictionary<ushort, OutgoingStream> _streams = [];
    private readonly Queue<OutgoingStream> _round = new();
    private readonly Queue<ushort> _fallen = new();
    private OutgoingMessage? _pool;
    private int _pooled;
    private OutgoingStream? _current;
    private OutgoingStream? _lastUsed;

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

    /// <summary>Chooses the message whose next fragment is to be sent. Those that have expired unsent are dropped on the way.</summary>
    public bool TryPeek(Instant now, out OutgoingMessage message)
    {
        while (true)
        {
            if (_current?.First is not { } first)
            {
                _current = null;
                if (!_round.TryDequeue(out var next))
                {
                    message = null!;
                    return false;
                }

                next.IsScheduled = false;
                _current = next is { IsPaused: false, IsEmpty: false } ? next : null;
                continue;
            }

            if (first.Cut == 0 && first.IsExpired(now))
            {
                Expired++;
                Discard(first);
                continue;
            }

            message = first;
            return true;
        }
    }

    /// <summary>Notes that <paramref name="bytes"/> of the message chosen are in a fragment now; the first fragment gets it its sequence number.</summary>
    public void Cut(OutgoingMessage message, int bytes)
    {
        var stream = message.Stream;
        if (message.Cut == 0 && !message.IsUnordered)
        {
            message.StreamSequenceNumber = stream.NextSequenceNumber++;
        }

        message.Cut += bytes;
        Reduce(message, bytes);
        if (message.IsFullyCut)
        {
            stream.RemoveFirst();
            EndTurn(stream);
        }
    }

    /// <summary>Gives up the rest of a message that has been begun. The caller still owns the message, through its fragments.</summary>
    public void DiscardRest(OutgoingMessage message)
    {
        Reduce(message, message.Length - message.Cut);
        message.Cut = message.Length;
        message.Stream.RemoveFirst();
        EndTurn(message.Stream);
    }

    /// <summary>Whether nothing of the stream is waiting.</summary>
    public bool IsDrained(ushort streamId) => !_streams.TryGetValue(streamId, out var stream) || stream.IsEmpty || stream.IsPaused;

    /// <summary>Nothing more is cut from the stream until it is resumed.</summary>
    public void Pause(ushort streamId) => GetStream(streamId).IsPaused = true;

    /// <summary>The stream goes on; after a reset its sequence numbers begin at 0 (RFC 6525, 5.2.7).</summary>
    public void Resume(ushort streamId, bool isReset)
    {
        var stream = GetStream(streamId);
        stream.IsPaused = false;
        stream.NextSequenceNumber = isReset ? (ushort)0 : stream.NextSequenceNumber;
        Schedule(stream);
    }

    /// <summary>A peer that has restarted expects every stream at sequence number 0.</summary>
    public void RestartSequenceNumbers()
    {
        foreach (var stream in _streams.Values)
        {
            stream.NextSequenceNumber = 0;
        }
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
        _round.Clear();
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
        stream.RemoveFirst();
        Recycle(message);
        EndTurn(stream);
    }

    private void EndTurn(OutgoingStream stream)
    {
        Count--;
        if (_current == stream)
        {
            _current = null;
        }

        Schedule(stream);
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
        if (stream is { IsScheduled: false, IsEmpty: false, IsPaused: false } && stream != _current)
        {
            stream.IsScheduled = true;
            _round.Enqueue(stream);
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
