namespace WebRtcCore.Sctp.Send;

/// <summary>One outgoing stream: its messages not yet cut completely, in order.</summary>
internal sealed class OutgoingStream
{
    /// <summary>The weight of a stream that nobody has given one: the "normal" priority of RFC 8831, 6.4.</summary>
    public const int DefaultWeight = 256;

    private OutgoingMessage? _last;

    /// <summary>Creates the stream.</summary>
    public OutgoingStream(ushort id) => Id = id;

    public ushort Id { get; }

    /// <summary>The message to be cut next.</summary>
    public OutgoingMessage? First { get; private set; }

    /// <summary>The number of the next ordered message.</summary>
    public uint NextOrderedId { get; set; }

    /// <summary>The number of the next unordered message; only I-DATA shows it.</summary>
    public uint NextUnorderedId { get; set; }

    /// <summary>Its share of the association in relation to other streams.</summary>
    public int Weight { get; set; } = DefaultWeight;

    /// <summary>Where weighted fair queueing has it.</summary>
    public long VirtualTime { get; set; }

    /// <summary>Bytes of counted messages that are in no fragment yet: W3C <c>bufferedAmount</c>.</summary>
    public long BufferedAmount { get; private set; }

    /// <summary>Falling to this amount is an event.</summary>
    public long LowThreshold { get; set; }

    /// <summary>Whether the scheduler has the stream in its round.</summary>
    public bool IsScheduled { get; set; }

    /// <summary>Whether it waits for half-sent messages of others to end.</summary>
    public bool IsDeferred { get; set; }

    /// <summary>Whether it is to be reported once it is empty.</summary>
    public bool IsDrainAwaited { get; set; }

    /// <summary>Whether nothing may be cut because the stream is being reset.</summary>
    public bool IsPaused { get; set; }

    /// <summary>Whether there is no message.</summary>
    public bool IsEmpty => First is null;

    /// <summary>RFC 6525 5.2.7 and RFC 8260: the numbers of ordered and unordered messages begin at 0.</summary>
    public void RestartNumbers()
    {
        NextOrderedId = 0;
        NextUnorderedId = 0;
    }

    /// <summary>Appends a message.</summary>
    public void Append(OutgoingMessage message)
    {
        if (_last is null)
        {
            First = message;
        }
        else
        {
            _last.Following = message;
        }

        _last = message;
        BufferedAmount += message.IsCounted ? message.Length : 0;
    }

    /// <summary>Takes the first message out of the queue.</summary>
    public OutgoingMessage RemoveFirst()
    {
        var message = First!;
        First = message.Following;
        message.Following = null;
        if (First is null)
        {
            _last = null;
        }

        return message;
    }

    /// <summary>Lowers the buffered amount; says whether it has just fallen to the threshold.</summary>
    public bool Reduce(OutgoingMessage message, int bytes)
    {
        if (!message.IsCounted)
        {
            return false;
        }

        var before = BufferedAmount;
        BufferedAmount -= bytes;
        return before > LowThreshold && BufferedAmount <= LowThreshold;
    }
}
