using WebRtcCore.Primitives;

namespace WebRtcCore.Sctp.Receive;

/// <summary>A message of I-DATA fragments that is not complete: what is together, and what has come before its turn. Objects are used again.</summary>
internal sealed class InterleavedMessage
{
    // A fragment that waits costs an object and an entry besides its bytes: many tiny ones are no way around the receive buffer.
    private const int WaitingOverhead = ReceiveBudget.MessageOverhead;
    private readonly MessageAssembly _assembly;
    private Dictionary<uint, PooledBuffer>? _early;
    private uint _last;
    private uint _highest;
    private bool _isLastKnown;

    /// <summary>Creates one for messages of up to <paramref name="maxLength"/> bytes.</summary>
    public InterleavedMessage(int maxLength) => _assembly = new MessageAssembly(maxLength);

    public uint MessageId { get; private set; }

    public bool IsUnordered { get; private set; }

    /// <summary>Whether every fragment is there.</summary>
    public bool IsComplete => _isLastKnown && _assembly.Next == _last + 1;

    /// <summary>Starts a message, whichever of its fragments comes first.</summary>
    public void Open(in Fragment any)
    {
        MessageId = any.MessageId;
        IsUnordered = any.IsUnordered;
        _last = 0;
        _highest = 0;
        _isLastKnown = false;
        _assembly.Reset();
    }

    /// <summary>Takes a fragment.</summary>
    /// <param name="fragment">What its chunk says.</param>
    /// <param name="payload">Its bytes.</param>
    /// <param name="expectedLength">A guess at the message's length.</param>
    /// <param name="budget">Told of what is held.</param>
    /// <returns><see langword="false"/> if it does not belong to a message of which the others are.</returns>
    public bool TryAdd(in Fragment fragment, ReadOnlySpan<byte> payload, int expectedLength, ReceiveBudget budget)
    {
        if (!IsSane(fragment))
        {
            return false;
        }

        _highest = Math.Max(_highest, fragment.Number);
        if (fragment.IsEnd)
        {
            _last = fragment.Number;
            _isLastKnown = true;
        }

        if (fragment.Number != _assembly.Next)
        {
            (_early ??= []).Add(fragment.Number, PooledBuffer.CopyOf(payload));
            budget.Use(payload.Length + WaitingOverhead);
            return true;
        }

        if (fragment.IsBegin)
        {
            _assembly.Begin(fragment, 0, expectedLength);
        }

        _assembly.Append(payload, budget);
        AppendEarly(budget);
        return true;
    }

    /// <summary>Hands out the complete message, given.</summary>
    public ReceivedMessage Take() => _assembly.Take();

    /// <summary>Throws away what is held.</summary>
    public void Discard(ReceiveBudget budget)
    {
        budget.Free(_assembly.Length);
        _assembly.Discard();
        if (_early is null)
        {
            return;
        }

        foreach (var early in _early.Values)
        {
            budget.Free(early.Length + WaitingOverhead);
            early.Dispose();
        }

        _early.Clear();
    }

    // RFC 8260 2.1: numbers begin with 0, which only the first fragment has; none comes twice, and none after the last.
    private bool IsSane(in Fragment fragment) =>
        fragment.IsBegin == (fragment.Number == 0)
        && fragment.Number >= _assembly.Next
        && (_early is null || !_early.ContainsKey(fragment.Number))
        && (!_isLastKnown || (fragment.Number < _last && !fragment.IsEnd))
        && (!fragment.IsEnd || fragment.Number >= _highest);

    private void AppendEarly(ReceiveBudget budget)
    {
        while (_early is { Count: > 0 } && _early.Remove(_assembly.Next, out var early))
        {
            budget.Free(early.Length + WaitingOverhead);
            _assembly.Append(early.Span, budget);
            early.Dispose();
        }
    }
}
