using WebRtcCore.Primitives;
using WebRtcCore.Sctp.Chunks;
using WebRtcCore.Sctp.Packets;

namespace WebRtcCore.Sctp.Receive;

/// <summary>
/// Puts messages of I-DATA chunks together (RFC 8260, 2.2.3): fragments find their message by stream, order and message identifier, and their place in it by
/// number. Bounded by the receive buffer, of which an unfinished message also takes <see cref="ReceiveBudget.MessageOverhead"/>, and by
/// <see cref="MaxOpenMessages"/>.
/// </summary>
internal sealed class InterleavedReassemblyQueue : IReassemblyQueue
{
    /// <summary>
    /// How many messages of one stream may be unfinished at once. A sender that does not interleave within a stream has more only if as many packets are
    /// missing.
    /// </summary>
    public const int MaxOpenMessages = 2048;

    private const int FirstGuess = 4096;
    private readonly Dictionary<ushort, Dictionary<ulong, InterleavedMessage>> _streams = [];
    private readonly Stack<InterleavedMessage> _spare = new();
    private readonly List<ulong> _skipped = [];
    private readonly ReceiveBudget _budget;
    private readonly MessageOrder _order;
    private readonly int _maxMessageSize;

    /// <summary>Creates an empty queue.</summary>
    /// <param name="budget">Told of everything held, completed messages included.</param>
    /// <param name="order">Where complete messages go.</param>
    /// <param name="maxMessageSize">A larger message is dropped but keeps its place in the order.</param>
    public InterleavedReassemblyQueue(ReceiveBudget budget, MessageOrder order, int maxMessageSize)
    {
        _budget = budget;
        _order = order;
        _maxMessageSize = maxMessageSize;
    }

    /// <inheritdoc/>
    public bool HasPlaceFor(in Fragment fragment) =>
        fragment is { IsBegin: true, IsEnd: true }
        || !_streams.TryGetValue(fragment.StreamId, out var open)
        || open.Count < MaxOpenMessages
        || open.ContainsKey(KeyOf(fragment));

    /// <inheritdoc/>
    public bool Add(in IncomingFragment chunk, Tsn cumulative)
    {
        var fragment = chunk.Description;
        if (!fragment.IsUnordered && _order.IsPast(fragment.StreamId, fragment.MessageId))
        {
            // RFC 8260 2.3.1: a late fragment of what I-FORWARD-TSN has skipped.
            return true;
        }

        if (fragment is { IsBegin: true, IsEnd: true })
        {
            return AddWhole(fragment, chunk.Payload);
        }

        if (!_streams.TryGetValue(fragment.StreamId, out var open))
        {
            _streams[fragment.StreamId] = open = [];
        }

        var key = KeyOf(fragment);
        if (!open.TryGetValue(key, out var message))
        {
            open[key] = message = Open(fragment);
        }

        if (!message.TryAdd(fragment, chunk.Payload, Math.Max(_order.GuessLength(fragment.StreamId), FirstGuess), _budget))
        {
            return false;
        }

        if (message.IsComplete)
        {
            open.Remove(key);
            _budget.Free(ReceiveBudget.MessageOverhead);
            _spare.Push(message);
            _order.Add(message.Take(), message.IsUnordered, message.MessageId);
        }

        return true;
    }

    /// <summary>Nothing: fragments of one message may be far apart, and what is given up is listed by I-FORWARD-TSN.</summary>
    public void ForwardTo(Tsn cumulative, Tsn tsn)
    {
    }

    /// <inheritdoc/>
    public void Skip(in SkippedMessages skipped)
    {
        if (_streams.TryGetValue(skipped.StreamId, out var open) && open.Count > 0)
        {
            foreach (var (key, message) in open)
            {
                if (message.IsUnordered == skipped.IsUnordered && !SerialNumber.IsAfter(message.MessageId, skipped.LastMessageId))
                {
                    _skipped.Add(key);
                }
            }

            foreach (var key in _skipped)
            {
                open.Remove(key, out var message);
                Discard(message!);
            }

            _skipped.Clear();
        }

        if (!skipped.IsUnordered)
        {
            _order.SkipTo(skipped.StreamId, skipped.LastMessageId);
        }
    }

    /// <inheritdoc/>
    public void ResetStream(ushort streamId)
    {
        if (_streams.Remove(streamId, out var open))
        {
            DiscardAll(open);
        }

        _order.ResetStream(streamId);
    }

    /// <inheritdoc/>
    public void ResetAllStreams()
    {
        foreach (var open in _streams.Values)
        {
            DiscardAll(open);
        }

        _streams.Clear();
        _order.ResetAllStreams();
    }

    /// <inheritdoc/>
    public void Clear() => ResetAllStreams();

    private static ulong KeyOf(in Fragment fragment) => fragment.MessageId | (fragment.IsUnordered ? 1UL << 32 : 0);

    private bool AddWhole(in Fragment fragment, ReadOnlySpan<byte> payload)
    {
        if (_streams.TryGetValue(fragment.StreamId, out var open) && open.ContainsKey(KeyOf(fragment)))
        {
            return false;
        }

        var buffer = payload.Length <= _maxMessageSize ? PooledBuffer.CopyOf(payload) : null;
        _budget.Use(buffer?.Length ?? 0);
        _order.Add(new ReceivedMessage(fragment.StreamId, fragment.PayloadProtocolId, buffer), fragment.IsUnordered, fragment.MessageId);
        return true;
    }

    private InterleavedMessage Open(in Fragment fragment)
    {
        var message = _spare.TryPop(out var spare) ? spare : new InterleavedMessage(_maxMessageSize);
        message.Open(fragment);
        _budget.Use(ReceiveBudget.MessageOverhead);
        return message;
    }

    private void DiscardAll(Dictionary<ulong, InterleavedMessage> open)
    {
        foreach (var message in open.Values)
        {
            Discard(message);
        }
    }

    private void Discard(InterleavedMessage message)
    {
        message.Discard(_budget);
        _budget.Free(ReceiveBudget.MessageOverhead);
        _spare.Push(message);
    }
}
