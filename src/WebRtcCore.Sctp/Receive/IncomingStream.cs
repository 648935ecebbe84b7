using WebRtcCore.Primitives;

namespace WebRtcCore.Sctp.Receive;

/// <summary>The ordered messages of one incoming stream that have overtaken others.</summary>
internal sealed class IncomingStream
{
    private Dictionary<ushort, ReceivedMessage>? _waiting;

    /// <summary>The sequence number to be delivered next.</summary>
    public ushort Next { get; set; }

    /// <summary>The length of the last message: the best guess for the next one's.</summary>
    public int LastLength { get; set; }

    /// <summary>Whether nothing waits.</summary>
    public bool IsEmpty => _waiting is null || _waiting.Count == 0;

    /// <summary>Lets a message wait for its turn. A second one with the same number, which no honest peer sends, replaces the first, which is returned.</summary>
    public ReceivedMessage? Park(ushort ssn, ReceivedMessage message)
    {
        _waiting ??= [];
        ReceivedMessage? replaced = _waiting.Remove(ssn, out var previous) ? previous : null;
        _waiting.Add(ssn, message);
        return replaced;
    }

    /// <summary>Takes the message whose turn it is.</summary>
    public bool TryTakeNext(out ReceivedMessage message)
    {
        message = default;
        if (_waiting is null || !_waiting.Remove(Next, out message))
        {
            return false;
        }

        Next++;
        return true;
    }

    /// <summary>The numbers at or before <paramref name="last"/> that wait, in order.</summary>
    public ushort[] GetWaitingUpTo(ushort last)
    {
        var numbers = new List<ushort>();
        foreach (var number in _waiting?.Keys ?? Enumerable.Empty<ushort>())
        {
            if (!SerialNumber.IsAfter(number, last))
            {
                numbers.Add(number);
            }
        }

        var next = Next;
        numbers.Sort((left, right) => SerialNumber.Distance(left, next).CompareTo(SerialNumber.Distance(right, next)));
        return [.. numbers];
    }

    /// <summary>Takes any message.</summary>
    public bool TryTakeAny(out ReceivedMessage message)
    {
        message = default;
        return _waiting is { Count: > 0 } && _waiting.Remove(_waiting.Keys.First(), out message);
    }
}
