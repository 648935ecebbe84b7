using WebRtcCore.Primitives;

namespace WebRtcCore.Sctp.Dcep;

/// <summary>
/// Messages on streams that no OPEN has come for yet: unordered ones may overtake it (RFC 8832, 6). Bounded; what does not fit is dropped.
/// </summary>
internal sealed class EarlyMessages
{
    // Each is looked for among all of them.
    private const int MaxMessages = 256;
    private readonly List<(ushort StreamId, uint Ppid, PooledBuffer Message)> _messages = [];
    private readonly int _limit;
    private int _bytes;

    /// <summary>Creates an empty store of <paramref name="limit"/> bytes.</summary>
    public EarlyMessages(int limit) => _limit = limit;

    /// <summary>Keeps a message, given; <see langword="false"/> if there is no room, and the message stays the caller's.</summary>
    public bool TryAdd(ushort streamId, uint ppid, PooledBuffer message)
    {
        if (message.Length > _limit - _bytes || _messages.Count >= MaxMessages)
        {
            return false;
        }

        _bytes += message.Length;
        _messages.Add((streamId, ppid, message));
        return true;
    }

    /// <summary>Takes the oldest message of a stream.</summary>
    public bool TryTake(ushort streamId, out uint ppid, out PooledBuffer message)
    {
        for (var i = 0; i < _messages.Count; i++)
        {
            if (_messages[i].StreamId == streamId)
            {
                (_, ppid, message) = _messages[i];
                _messages.RemoveAt(i);
                _bytes -= message.Length;
                return true;
            }
        }

        ppid = 0;
        message = null!;
        return false;
    }

    /// <summary>Drops everything.</summary>
    public void Clear()
    {
        foreach (var (_, _, message) in _messages)
        {
            message.Dispose();
        }

        _messages.Clear();
        _bytes = 0;
    }
}
