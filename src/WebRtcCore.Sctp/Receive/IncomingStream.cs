namespace WebRtcCore.Sctp.Receive;

/// <summary>The ordered messages of one incoming stream that have overtaken others. Their numbers have 16 bits with DATA, 32 with I-DATA.</summary>
internal sealed class IncomingStream
{
    private readonly bool _hasWideNumbers;
    private Dictionary<uint, ReceivedMessage>? _waiting;

    /// <summary>Creates a stream that begins with number 0.</summary>
    public IncomingStream(bool hasWideNumbers) => _hasWideNumbers = hasWideNumbers;

    /// <summary>The number to be delivered next.</summary>
    public uint Next { get; private set; }

    /// <summary>The length of the last message: the best guess for the next one's.</summary>
    public int LastLength { get; set; }

    /// <summary>Whether nothing waits.</summary>
    public bool IsEmpty => _waiting is null || _waiting.Count == 0;

    /// <summary>How far a number is ahead of <see cref="Next"/>; negative if its turn is over.</summary>
    public int DistanceOf(uint number) => _hasWideNumbers ? (int)(number - Next) : (short)(number - Next);

    /// <summary>Makes the number after <paramref name="number"/> the next.</summary>
    public void MovePast(uint number) => Next = _hasWideNumbers ? number + 1 : (ushort)(number + 1);

    /// <summary>Lets a message wait for its turn. A second one with the same number, which no honest peer sends, replaces the first, which is returned.</summary>
    public ReceivedMessage? Park(uint number, ReceivedMessage message)
    {
        _waiting ??= [];
        ReceivedMessage? replaced = _waiting.Remove(number, out var previous) ? previous : null;
        _waiting.Add(number, message);
        return replaced;
    }

    /// <summary>Takes the message whose turn it is.</summary>
    public bool TryTakeNext(out ReceivedMessage message) => TryTake(Next, out message);

    /// <summary>Takes a message before others, which are not waited for any longer.</summary>
    public bool TryTake(uint number, out ReceivedMessage message)
    {
        message = default;
        if (_waiting is null || !_waiting.Remove(number, out message))
        {
            return false;
        }

        MovePast(number);
        return true;
    }

    /// <summary>The numbers at or before <paramref name="last"/> that wait, in order.</summary>
    public uint[] GetWaitingUpTo(uint last)
    {
        var reach = DistanceOf(last);
        var numbers = new List<uint>();
        foreach (var number in _waiting?.Keys ?? Enumerable.Empty<uint>())
        {
            if (DistanceOf(number) <= reach)
            {
                numbers.Add(number);
            }
        }

        numbers.Sort((left, right) => DistanceOf(left).CompareTo(DistanceOf(right)));
        return [.. numbers];
    }

    /// <summary>Takes any message.</summary>
    public bool TryTakeAny(out ReceivedMessage message)
    {
        message = default;
        return _waiting is { Count: > 0 } && _waiting.Remove(_waiting.Keys.First(), out message);
    }
}
