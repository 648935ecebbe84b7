using System.Text;
using WebRtcCore.Primitives;
using WebRtcCore.Stun;

namespace WebRtcCore.Testing;

/// <summary>
/// A small TURN server on the virtual network, for tests of clients: long-term credentials, allocations, permissions, channels. Its relayed addresses are
/// bound beforehand: add it to the network with <see cref="Addresses"/>.
/// </summary>
public sealed class TurnServerNode : IVirtualNode
{
    private readonly List<Allocation> _allocations = [];
    private readonly Queue<(byte[] Bytes, NetworkPath Path)> _outgoing = new();
    private readonly Queue<TransportAddress> _free4 = new();
    private readonly Queue<TransportAddress> _free6 = new();
    private readonly List<TransportAddress> _addresses;
    private int _nonce = 1;

    /// <summary>Creates a server with eight relayed addresses on its IP address and, if given, on an IPv6 address too.</summary>
    public TurnServerNode(TransportAddress address, TransportAddress relay6 = default)
    {
        Address = address;
        _addresses = [address];
        for (var i = 0; i < 8; i++)
        {
            Add((address.IsIPv4 ? _free4 : _free6), address.WithPort(49_152 + i));
            if (!relay6.IsNone)
            {
                Add(_free6, relay6.WithPort(49_152 + i));
            }
        }

        void Add(Queue<TransportAddress> free, TransportAddress relayed)
        {
            free.Enqueue(relayed);
            _addresses.Add(relayed);
        }
    }

    /// <summary>Where clients ask.</summary>
    public TransportAddress Address { get; }

    /// <summary>What to bind.</summary>
    public TransportAddress[] Addresses => [.. _addresses];

    /// <summary>The user name and password that it knows; no challenge is sent if the name is empty.</summary>
    public string Username { get; set; } = "alice";

    /// <summary>The password.</summary>
    public string Password { get; set; } = "secret";

    /// <summary>Whether it offers SHA-256 and user name hashes as RFC 8489 describes.</summary>
    public bool IsModern { get; set; }

    /// <summary>An attacker in between has removed PASSWORD-ALGORITHMS.</summary>
    public bool IsStripped { get; set; }

    /// <summary>What an Allocate request with right credentials is refused with.</summary>
    public StunErrorCode? AllocateError { get; set; }

    /// <summary>Goes with 300.</summary>
    public TransportAddress AlternateServer { get; set; }

    /// <summary>The lifetime of allocations.</summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>A peer whose address is refused with 403.</summary>
    public TransportAddress Forbidden { get; set; }

    /// <summary>What channel bindings are refused with.</summary>
    public StunErrorCode? ChannelError { get; set; }

    /// <summary>Answers have the client's integrity changed, as a forger's would.</summary>
    public bool ForgesIntegrity { get; set; }

    /// <summary>How many requests of each method came, retransmissions included.</summary>
    public Dictionary<StunMethod, int> Requests { get; } = [];

    /// <summary>How many indications and ChannelData came and were relayed.</summary>
    public (int Indications, int ChannelData) Relayed { get; private set; }

    /// <summary>Live allocations.</summary>
    public int AllocationCount => _allocations.Count;

    /// <inheritdoc/>
    public Instant? NextTimeout => null;

    /// <summary>Makes every nonce stale.</summary>
    public void ExpireNonce() => _nonce++;

    /// <summary>Forgets all allocations, as a restarted server does.</summary>
    public void Forget() => _allocations.Clear();

    /// <summary>Sends to a client of the server whatever a test wants.</summary>
    public void Inject(byte[] bytes, TransportAddress client) => _outgoing.Enqueue((bytes, new NetworkPath(Address, client)));

    /// <inheritdoc/>
    public void HandleDatagram(Span<byte> datagram, in NetworkPath path, Instant now)
    {
        _allocations.RemoveAll(a => a.ExpiresAt <= now);
        var local = path.Local;
        if (local != Address)
        {
            RelayToClient(datagram, path, now);
            return;
        }

        var client = path.Remote;
        if (TurnChannelData.TryParse(datagram, out var channel, out var length))
        {
            if (Find(client) is { } allocation && allocation.Channels.TryGetValue(channel, out var bound) && bound.ExpiresAt > now)
            {
                Relayed = (Relayed.Indications, Relayed.ChannelData + 1);
                Relay(allocation, datagram.Slice(TurnChannelData.HeaderLength, length), bound.Peer, now);
            }
        }
        else if (StunMessageView.TryParse(datagram, out var message))
        {
            if (message.Class == StunClass.Request)
            {
                HandleRequest(message, path, now);
            }
            else if (message.Method == StunMethod.Send && Find(client) is { } allocation && TurnIndication.TryRead(message, out var peer, out var data))
            {
                Relayed = (Relayed.Indications + 1, Relayed.ChannelData);
                Relay(allocation, data, peer, now);
            }
        }
    }

    /// <inheritdoc/>
    public void HandleTimeout(Instant now)
    {
    }

    /// <inheritdoc/>
    public bool TryPollTransmit(Span<byte> destination, out Transmit transmit)
    {
        transmit = default;
        if (!_outgoing.TryDequeue(out var next))
        {
            return false;
        }

        next.Bytes.CopyTo(destination);
        transmit = new Transmit(next.Bytes.Length, next.Path);
        return true;
    }

    private Allocation? Find(TransportAddress client) => _allocations.Find(a => a.Client == client);

    private void Relay(Allocation allocation, ReadOnlySpan<byte> data, TransportAddress peer, Instant now)
    {
        if (allocation.Permissions.TryGetValue(peer.WithPort(0), out var until) && until > now)
        {
            _outgoing.Enqueue((data.ToArray(), new NetworkPath(peer.IsIPv4 ? allocation.Relayed4 : allocation.Relayed6, peer)));
        }
    }

    private void RelayToClient(ReadOnlySpan<byte> data, NetworkPath path, Instant now)
    {
        var allocation = _allocations.Find(a => a.Relayed4 == path.Local || a.Relayed6 == path.Local);
        if (allocation is null || !allocation.Permissions.TryGetValue(path.Remote.WithPort(0), out var until) || until <= now)
        {
            return;
        }

        var buffer = new byte[data.Length + TurnIndication.MaxOverhead + 3];
        var channel = allocation.Channels.FirstOrDefault(c => c.Value.Peer == path.Remote && c.Value.ExpiresAt > now).Key;
        int length;
        if (channel.IsValid)
        {
            data.CopyTo(buffer.AsSpan(TurnChannelData.HeaderLength));
            length = TurnChannelData.Complete(buffer, channel, data.Length, isPadded: false);
        }
        else
        {
            data.CopyTo(buffer.AsSpan(TurnIndication.GetDataOffset(path.Remote)));
            length = TurnIndication.Complete(buffer, StunMethod.Data, new StunTransactionId(1, (ulong)now.Ticks), path.Remote, data.Length);
        }

        Inject(buffer[..length], allocation.Client);
    }

    private void HandleRequest(scoped in StunMessageView request, NetworkPath path, Instant now)
    {
        Requests[request.Method] = Requests.GetValueOrDefault(request.Method) + 1;
        if (request.Method == StunMethod.Binding)
        {
            Answer(request, path, null, null, (ref StunMessageWriter w) => w.AddXorAddress(StunAttributeType.XorMappedAddress, path.Remote));
            return;
        }

        using var key = Username.Length == 0 ? null : Authenticate(request, path);
        if (Username.Length > 0 && key is null)
        {
            return;
        }

        var allocation = Find(path.Remote);
        switch (request.Method)
        {
            case StunMethod.Allocate when AllocateError is { } error:
                Answer(request, path, key, error, AlternateServer.IsNone ? null : (ref StunMessageWriter w) => w.AddAddress(StunAttributeType.AlternateServer, AlternateServer));
                break;
            case StunMethod.Allocate:
                Allocate(request, path, key, allocation, now);
                break;
            case var _ when allocation is null:
                Answer(request, path, key, StunErrorCode.AllocationMismatch);
                break;
            case StunMethod.Refresh:
                Refresh(request, path, key, allocation, now);
                break;
            default:
                Permit(request, path, key, allocation, now);
                break;
        }
    }

    private void Allocate(scoped in StunMessageView request, NetworkPath path, StunIntegrityKey? key, Allocation? present, Instant now)
    {
        var wants6 = request.TryGetAddressFamily(StunAttributeType.RequestedAddressFamily, out var family) && family == TurnAddressFamily.IPv6;
        var adds6 = request.TryGetAddressFamily(StunAttributeType.AdditionalAddressFamily, out _) && _free6.Count > 0;
        if (present is not null && present.TransactionId != request.TransactionId)
        {
            Answer(request, path, key, StunErrorCode.AllocationMismatch);
        }
        else if (!request.TryGetRequestedTransport(out var protocol) || protocol != TurnAttributes.UdpTransport)
        {
            Answer(request, path, key, StunErrorCode.UnsupportedTransportProtocol);
        }
        else if (present is null && (wants6 ? _free6 : _free4).Count == 0)
        {
            Answer(request, path, key, StunErrorCode.AddressFamilyNotSupported);
        }
        else
        {
            if (present is null)
            {
                present = new Allocation
                {
                    Client = path.Remote,
                    TransactionId = request.TransactionId,
                    Relayed4 = wants6 ? default : _free4.Dequeue(),
                    Relayed6 = wants6 || adds6 ? _free6.Dequeue() : default,
                };
                _allocations.Add(present);
            }

            var allocation = present;
            allocation.ExpiresAt = now + Lifetime;
            Answer(request, path, key, null, (ref StunMessageWriter w) =>
            {
                foreach (var relayed in new[] { allocation.Relayed4, allocation.Relayed6 }.Where(static r => !r.IsNone))
                {
                    w.AddXorAddress(StunAttributeType.XorRelayedAddress, relayed);
                }

                w.AddUInt32(StunAttributeType.Lifetime, (uint)Lifetime.TotalSeconds);
                w.AddXorAddress(StunAttributeType.XorMappedAddress, path.Remote);
            });
        }
    }

    private void Refresh(scoped in StunMessageView request, NetworkPath path, StunIntegrityKey? key, Allocation allocation, Instant now)
    {
        var seconds = request.TryGetUInt32(StunAttributeType.Lifetime, out var wanted) && wanted == 0 ? 0 : (uint)Lifetime.TotalSeconds;
        allocation.ExpiresAt = now + TimeSpan.FromSeconds(seconds);
        if (seconds == 0)
        {
            _allocations.Remove(allocation);
        }

        Answer(request, path, key, null, (ref StunMessageWriter w) => w.AddUInt32(StunAttributeType.Lifetime, seconds));
    }

    private void Permit(scoped in StunMessageView request, NetworkPath path, StunIntegrityKey? key, Allocation allocation, Instant now)
    {
        if (!request.TryGetXorAddress(StunAttributeType.XorPeerAddress, out var stated) || !TurnPeerAddress.TryCanonicalize(stated.WithPort(Math.Max(1, stated.Port)), out var peer))
        {
            Answer(request, path, key, StunErrorCode.BadRequest);
        }
        else if (!Forbidden.IsNone && peer.HasSameAddress(Forbidden))
        {
            Answer(request, path, key, StunErrorCode.Forbidden);
        }
        else if ((peer.IsIPv4 ? allocation.Relayed4 : allocation.Relayed6).IsNone)
        {
            Answer(request, path, key, StunErrorCode.PeerAddressFamilyMismatch);
        }
        else if (request.Method == StunMethod.ChannelBind && (ChannelError is not null || !request.TryGetChannel(out var channel) || !channel.IsValid))
        {
            Answer(request, path, key, ChannelError ?? StunErrorCode.BadRequest);
        }
        else
        {
            allocation.Permissions[peer.WithPort(0)] = now + TimeSpan.FromMinutes(5);
            if (request.TryGetChannel(out var bound))
            {
                allocation.Channels[bound] = (peer, now + TimeSpan.FromMinutes(10));
            }

            Answer(request, path, key, null);
        }
    }

    // The key if the request is authenticated; otherwise a challenge has been sent.
    private StunIntegrityKey? Authenticate(scoped in StunMessageView request, NetworkPath path)
    {
        var code = StunErrorCode.Unauthenticated;
        if (request.TryGetAttribute(StunAttributeType.Nonce, out var nonce))
        {
            var key = StunIntegrityKey.FromLongTermCredential(Username, "test.example", Password, IsModern ? StunPasswordAlgorithm.Sha256 : StunPasswordAlgorithm.Md5);
            if (IsKnown(request) && (IsModern ? request.VerifyMessageIntegritySha256(key) : request.VerifyMessageIntegrity(key)))
            {
                if (nonce.SequenceEqual(MakeNonce()))
                {
                    return key;
                }

                code = StunErrorCode.StaleNonce;
            }

            key.Dispose();
        }

        Answer(request, path, null, code, (ref StunMessageWriter w) =>
        {
            w.AddText(StunAttributeType.Realm, "test.example");
            w.Add(StunAttributeType.Nonce, MakeNonce());
            if (IsModern && !IsStripped)
            {
                w.AddPasswordAlgorithms(StunAttributeType.PasswordAlgorithms, StunPasswordAlgorithm.Sha256, StunPasswordAlgorithm.Md5);
            }
        });
        return null;
    }

    private bool IsKnown(scoped in StunMessageView request)
    {
        if (!IsModern)
        {
            return request.TryGetAttribute(StunAttributeType.Username, out var name) && name.SequenceEqual(Encoding.UTF8.GetBytes(Username));
        }

        Span<byte> hash = stackalloc byte[32];
        StunIntegrityKey.ComputeUserHash(Username, "test.example", hash);
        return request.TryGetAttribute(StunAttributeType.UserHash, out var sent) && sent.SequenceEqual(hash)
            && request.TryGetAttribute(StunAttributeType.PasswordAlgorithm, out var algorithm)
            && StunPasswordAlgorithms.TryChoose(algorithm, out var chosen) && chosen == StunPasswordAlgorithm.Sha256
            && request.TryGetAttribute(StunAttributeType.PasswordAlgorithms, out _);
    }

    private byte[] MakeNonce()
    {
        var text = Encoding.ASCII.GetBytes($"0123456789abc-{_nonce}");
        if (IsModern)
        {
            StunNonceCookie.Write(text, StunSecurityFeatures.PasswordAlgorithms | StunSecurityFeatures.UsernameAnonymity);
        }

        return text;
    }

    private void Answer(scoped in StunMessageView request, NetworkPath path, StunIntegrityKey? key, StunErrorCode? error, WriteAttributes? write = null)
    {
        var writer = new StunMessageWriter(new byte[1200], error is null ? StunClass.SuccessResponse : StunClass.ErrorResponse, request.Method, request.TransactionId);
        if (error is { } code)
        {
            writer.AddErrorCode(code, "Because");
        }

        write?.Invoke(ref writer);
        if (key is not null && IsModern)
        {
            writer.AddMessageIntegritySha256(key);
        }
        else if (key is not null)
        {
            writer.AddMessageIntegrity(key);
        }

        var bytes = writer.Written.ToArray();
        if (ForgesIntegrity && key is not null)
        {
            bytes[^1] ^= 1;
        }

        _outgoing.Enqueue((bytes, path));
    }

    private delegate void WriteAttributes(ref StunMessageWriter writer);

    private sealed class Allocation
    {
        public required TransportAddress Client { get; init; }

        public required StunTransactionId TransactionId { get; init; }

        public required TransportAddress Relayed4 { get; init; }

        public required TransportAddress Relayed6 { get; init; }

        public Instant ExpiresAt { get; set; }

        public Dictionary<TransportAddress, Instant> Permissions { get; } = [];

        public Dictionary<TurnChannel, (TransportAddress Peer, Instant ExpiresAt)> Channels { get; } = [];
    }
}
