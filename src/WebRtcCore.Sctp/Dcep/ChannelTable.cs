namespace WebRtcCore.Sctp.Dcep;

/// <summary>The channels of a session by handle and by stream id, and the choice of ids (RFC 8832, 6).</summary>
internal sealed class ChannelTable
{
    // 65,535 is reserved (RFC 8832, 6).
    private const int MaxId = 65_534;
    private readonly Dictionary<int, Channel> _byHandle = [];
    private readonly Dictionary<ushort, Channel> _byStream = [];
    private readonly int _limit;
    private int _nextHandle;
    private bool _isClient;
    private int _lowestFree;
    private Channel? _last;

    /// <summary>Creates an empty table for at most <paramref name="limit"/> channels.</summary>
    public ChannelTable(int limit) => _limit = limit;

    /// <summary>Whether no further channel may be opened.</summary>
    public bool IsFull => _byHandle.Count >= _limit;

    /// <summary>The channels, in no particular order; a copy.</summary>
    public Channel[] All => [.. _byHandle.Values];

    /// <summary>Tells the DTLS role.</summary>
    public void SetRole(bool isClient)
    {
        _isClient = isClient;
        _lowestFree = isClient ? 0 : 1;
    }

    /// <summary>Whether a peer may choose the id: the DTLS client even ones, the server odd ones.</summary>
    public bool IsPeersChoice(ushort streamId) => (streamId % 2 == 0) != _isClient && streamId <= MaxId;

    /// <summary>Adds a channel without stream id.</summary>
    public Channel Add(DataChannelParameters parameters)
    {
        var channel = new Channel(new DataChannelId(_nextHandle++), parameters);
        _byHandle.Add(channel.Handle.Value, channel);
        return channel;
    }

    /// <summary>Gives a channel its stream id; <see langword="false"/> if it is taken.</summary>
    public bool TryAssign(Channel channel, ushort streamId)
    {
        if (!_byStream.TryAdd(streamId, channel))
        {
            return false;
        }

        channel.StreamId = streamId;
        return true;
    }

    /// <summary>Gives a channel the lowest free id that is this side's choice; <see langword="false"/> if there is none below <paramref name="streams"/>.</summary>
    public bool TryAssignFree(Channel channel, int streams)
    {
        for (var id = _lowestFree; id <= MaxId && id < streams; id += 2)
        {
            if (TryAssign(channel, (ushort)id))
            {
                _lowestFree = id + 2;
                return true;
            }
        }

        return false;
    }

    /// <summary>Finds a channel by its handle.</summary>
    public Channel? Find(DataChannelId handle) => _last?.Handle == handle ? _last : _byHandle.TryGetValue(handle.Value, out var channel) ? _last = channel : null;

    /// <summary>Finds a channel by its stream id.</summary>
    public Channel? Find(ushort streamId) => _byStream.GetValueOrDefault(streamId);

    /// <summary>Forgets a channel; its id may be used again unless <paramref name="keepId"/>.</summary>
    public void Remove(Channel channel, bool keepId)
    {
        _byHandle.Remove(channel.Handle.Value);
        _last = null;
        if (channel.StreamId is not { } streamId || keepId)
        {
            return;
        }

        _byStream.Remove(streamId);
        if (!IsPeersChoice(streamId))
        {
            _lowestFree = Math.Min(_lowestFree, streamId);
        }
    }
}
