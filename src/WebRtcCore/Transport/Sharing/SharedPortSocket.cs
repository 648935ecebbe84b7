using WebRtcCore.Primitives;
using WebRtcCore.Stun;

namespace WebRtcCore.Transport.Sharing;

/// <summary>
/// What one connection has of a <see cref="SharedUdpSocket"/>: it sends as from a socket of its own, and gets what is for it. Disposing of it takes it off
/// the shared socket at once; what still comes for it is a stranger's. Everything but <see cref="AddFragment"/> and disposal is for its loop.
/// </summary>
internal sealed class SharedPortSocket : IDatagramSocket
{
    /// <summary>A restart has two generations, and an offer of another may be under way; older ones are void.</summary>
    public const int MaxFragments = 4;

    /// <summary>The requests whose answers find back by their transaction; the oldest are forgotten.</summary>
    public const int MaxTransactions = 256;

    /// <summary>The remote addresses of one connection; the oldest give way.</summary>
    public const int MaxAddresses = 32;

    private readonly SharedUdpSocket _shared;
    private readonly Lock _gate = new();

    // Guarded by _gate.
    private readonly List<UfragKey> _fragments = [];
    private readonly Queue<StunTransactionId> _transactions = new();
    private readonly List<TransportAddress> _addresses = [];
    private IDatagramSink? _sink;
    private bool _isDisposed;

    // Of the loop.
    private bool _isTooLarge;

    /// <summary>Called by <see cref="SharedUdpSocket.Attach"/>.</summary>
    internal SharedPortSocket(SharedUdpSocket shared) => _shared = shared;

    /// <inheritdoc/>
    public TransportAddress LocalAddress => _shared.LocalAddress;

    /// <summary>Where datagrams of this connection go; <see langword="null"/> before it has started and after it was disposed of.</summary>
    internal IDatagramSink? Sink => Volatile.Read(ref _sink);

    /// <inheritdoc/>
    public void Start(IDatagramSink sink) => Volatile.Write(ref _sink, sink);

    /// <summary>From now on checks that name this local fragment are for this connection.</summary>
    public void AddFragment(string fragment)
    {
        var key = UfragKey.Of(fragment);
        lock (_gate)
        {
            if (_isDisposed || _fragments.Contains(key) || !_shared.Fragments.TryAdd(key, this))
            {
                return;
            }

            _fragments.Add(key);
            if (_fragments.Count > MaxFragments)
            {
                _shared.Fragments.TryRemove(new KeyValuePair<UfragKey, SharedPortSocket>(_fragments[0], this));
                _fragments.RemoveAt(0);
            }
        }
    }

    /// <summary>Says that the agent takes what comes from an address: from now on it comes here without being looked into.</summary>
    /// <param name="remote">The address.</param>
    /// <param name="isProved">Whether the peer has answered there, not only been heard.</param>
    public void Claim(in TransportAddress remote, bool isProved)
    {
        var isKnown = ReferenceEquals(_shared.Addresses.Find(remote), this);
        lock (_gate)
        {
            if (_isDisposed || !_shared.Addresses.TryClaim(remote, this, isProved) || isKnown)
            {
                return;
            }

            if (_addresses.Count == MaxAddresses)
            {
                _shared.Addresses.Release(_addresses[0], this);
                _addresses.RemoveAt(0);
            }

            _addresses.Add(remote);
        }
    }

    /// <inheritdoc/>
    public bool Send(ReadOnlySpan<byte> datagram, in TransportAddress remote)
    {
        if (StunMessageView.LooksLikeStun(datagram))
        {
            NoteRequest(datagram, remote);
        }

        return _shared.Send(datagram, remote);
    }

    /// <inheritdoc/>
    public int SendBatch(ReadOnlySpan<byte> datagrams, int segmentSize, in TransportAddress remote)
    {
        // Checks to one address are of one length only by chance, but they may be.
        for (var rest = datagrams; StunMessageView.LooksLikeStun(rest); rest = rest[Math.Min(segmentSize, rest.Length)..])
        {
            NoteRequest(rest[..Math.Min(segmentSize, rest.Length)], remote);
        }

        var sent = _shared.SendBatch(datagrams, segmentSize, remote, out var isTooLarge);
        _isTooLarge |= isTooLarge;
        return sent;
    }

    /// <inheritdoc/>
    public SendOutcome SendAlone(ReadOnlySpan<byte> datagram, TransmitKind kind, in TransportAddress remote) => _shared.SendAlone(datagram, kind, remote);

    /// <inheritdoc/>
    public bool TakeTooLarge()
    {
        var isTooLarge = _isTooLarge;
        _isTooLarge = false;
        return isTooLarge;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return ValueTask.CompletedTask;
            }

            _isDisposed = true;
            Volatile.Write(ref _sink, null);
            foreach (var fragment in _fragments)
            {
                _shared.Fragments.TryRemove(new KeyValuePair<UfragKey, SharedPortSocket>(fragment, this));
            }

            foreach (var transaction in _transactions)
            {
                _shared.Transactions.TryRemove(new KeyValuePair<StunTransactionId, SharedPortSocket>(transaction, this));
            }

            foreach (var address in _addresses)
            {
                _shared.Addresses.Release(address, this);
            }
        }

        _shared.OnDetached();
        return ValueTask.CompletedTask;
    }

    // An answer comes from where the request went, but nobody owns that address yet: it is a server, which all connections ask, or a candidate that has
    // proved nothing.
    private void NoteRequest(ReadOnlySpan<byte> datagram, in TransportAddress remote)
    {
        if (ReferenceEquals(_shared.Addresses.Find(remote), this)
            || !StunMessageView.TryParse(datagram, out var message) || message.Class != StunClass.Request)
        {
            return;
        }

        lock (_gate)
        {
            var id = message.TransactionId;
            if (_isDisposed || !_shared.Transactions.TryAdd(id, this))
            {
                return;
            }

            _transactions.Enqueue(id);
            if (_transactions.Count > MaxTransactions)
            {
                _shared.Transactions.TryRemove(new KeyValuePair<StunTransactionId, SharedPortSocket>(_transactions.Dequeue(), this));
            }
        }
    }
}
