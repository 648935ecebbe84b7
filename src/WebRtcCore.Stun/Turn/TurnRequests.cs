using WebRtcCore.Primitives;

namespace WebRtcCore.Stun;

/// <summary>The transactions of a TURN client: what is to be written, what waits for an answer, and what has waited for too long.</summary>
internal sealed class TurnRequests(TurnClientOptions options, IRandomSource random)
{
    private const int LastWait = 16;
    private readonly List<TurnRequest> _outstanding = [];
    private readonly Queue<(TurnRequest Request, StunTransactionId Id)> _toWrite = new();

    /// <summary>The earliest deadline.</summary>
    public Instant? Next { get; private set; }

    /// <summary>Begins a transaction; a request that was challenged begins a new one.</summary>
    public void Start(TurnRequest request, bool isAuthenticated, Instant now)
    {
        request.Id = StunTransactionId.Create(random);
        request.IsAuthenticated = isAuthenticated;
        request.Transmissions = 0;
        request.Timeout = options.IsStream ? options.StreamTransactionTimeout : options.RetransmissionTimeout;
        _outstanding.Add(request);
        Transmit(request, now);
    }

    /// <summary>Takes out the request that an answer belongs to.</summary>
    public TurnRequest? Take(StunTransactionId id)
    {
        var index = _outstanding.FindIndex(r => r.Id == id);
        if (index < 0)
        {
            return null;
        }

        var request = _outstanding[index];
        _outstanding.RemoveAt(index);
        UpdateNext();
        return request;
    }

    /// <summary>The request that an answer belongs to, which stays.</summary>
    public TurnRequest? Peek(StunTransactionId id) => _outstanding.Find(r => r.Id == id);

    public bool Contains(StunMethod method) => _outstanding.Exists(r => r.Method == method);

    public bool Contains(StunMethod method, TurnPeer peer) => _outstanding.Exists(r => r.Method == method && r.Peer == peer);

    /// <summary>Sends again what is due, and takes out a request that has been sent often enough.</summary>
    public bool TryTakeExpired(Instant now, out TurnRequest? expired)
    {
        expired = null;
        foreach (var request in _outstanding)
        {
            if (request.Deadline > now)
            {
                continue;
            }

            // RFC 8489 6.2.2: over a reliable transport nothing is sent again.
            if (options.IsStream || request.Transmissions >= options.MaxTransmissions)
            {
                expired = request;
                break;
            }

            Transmit(request, now);
        }

        if (expired is not null)
        {
            _outstanding.Remove(expired);
        }

        UpdateNext();
        return expired is not null;
    }

    /// <summary>The next request to be written.</summary>
    public bool TryTakeToWrite(out TurnRequest? request)
    {
        while (_toWrite.TryDequeue(out var entry))
        {
            // Answered, or begun anew, between the decision to send and the poll.
            if (entry.Request.Id == entry.Id && _outstanding.Contains(entry.Request))
            {
                request = entry.Request;
                return true;
            }
        }

        request = null;
        return false;
    }

    public void Clear()
    {
        _outstanding.Clear();
        _toWrite.Clear();
        Next = null;
    }

    private void Transmit(TurnRequest request, Instant now)
    {
        request.Transmissions++;

        // RFC 8489 6.2.1: after the last one an answer has 16 times the first wait to come.
        var longest = LastWait * options.RetransmissionTimeout;
        var isLast = !options.IsStream && request.Transmissions >= options.MaxTransmissions;
        request.Deadline = now + (isLast && request.Timeout > longest ? longest : request.Timeout);
        request.Timeout *= 2;
        _toWrite.Enqueue((request, request.Id));
        UpdateNext();
    }

    private void UpdateNext()
    {
        Next = null;
        foreach (var request in _outstanding)
        {
            Next = Instant.Earliest(Next, request.Deadline);
        }
    }
}
