namespace WebRtcCore.Sctp.Send;

/// <summary>
/// How many bytes of messages may be half sent at once with I-DATA. A receiver can give nothing to its application before a message is complete; if more were
/// begun than its buffer holds, neither side could go on. Streams whose next message has to wait do so here, first come first served.
/// </summary>
internal sealed class InterleavingLimit
{
    private readonly Queue<OutgoingStream> _deferred = new();
    private long _openBytes;
    private bool _hasOversize;

    /// <summary>
    /// Bytes of messages that may be half sent. Besides those, one larger message may be: the receiver has said that it takes messages of its size.
    /// </summary>
    public long Bytes { get; set; } = long.MaxValue;

    /// <summary>A message no longer than this is never half sent.</summary>
    public int FragmentLength { get; set; }

    /// <summary>Whether the message, of which nothing has been sent, may be begun before those that wait here.</summary>
    public bool MayBegin(OutgoingMessage message) => message.Length <= FragmentLength || (_deferred.Count == 0 && Fits(message));

    /// <summary>Whether there is room for the message.</summary>
    public bool Fits(OutgoingMessage message) =>
        message.Length <= FragmentLength || (message.Length > Bytes ? !_hasOversize : _openBytes + message.Length <= Bytes);

    /// <summary>Lets a stream wait.</summary>
    public void Defer(OutgoingStream stream)
    {
        stream.IsDeferred = true;
        _deferred.Enqueue(stream);
    }

    /// <summary>Gives out the stream that has waited longest, if there is room for its message now.</summary>
    public bool TryTake(out OutgoingStream stream)
    {
        if (!_deferred.TryPeek(out stream!) || (stream is { First: { Cut: 0 } first, IsPaused: false } && !Fits(first)))
        {
            return false;
        }

        _deferred.Dequeue();
        stream.IsDeferred = false;
        return true;
    }

    /// <summary>Notes that the first fragment of several has been sent.</summary>
    public void OnBegun(OutgoingMessage message)
    {
        message.IsHalfSent = true;
        if (message.Length > Bytes)
        {
            _hasOversize = true;
        }
        else
        {
            _openBytes += message.Length;
        }
    }

    /// <summary>Notes that nothing more of a message will be sent.</summary>
    public void OnEnded(OutgoingMessage message)
    {
        if (!message.IsHalfSent)
        {
            return;
        }

        message.IsHalfSent = false;
        if (message.Length > Bytes)
        {
            _hasOversize = false;
        }
        else
        {
            _openBytes -= message.Length;
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _deferred.Clear();
        _openBytes = 0;
        _hasOversize = false;
    }
}
