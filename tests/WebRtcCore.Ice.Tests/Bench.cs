using System.Text;
using WebRtcCore.Primitives;
using WebRtcCore.Stun;
using WebRtcCore.Testing;

namespace WebRtcCore.Ice.Tests;

/// <summary>One agent, and by hand everything that its peer and an attacker may send to it.</summary>
internal sealed class Bench
{
    public static readonly IceCredentials PeerCredentials = new("peer", "peerpasswordpeerpassword");
    public static readonly TransportAddress Local = TransportAddress.Parse("10.0.0.1", 5000);
    public static readonly TransportAddress Remote = TransportAddress.Parse("10.0.0.2", 6000);
    private readonly byte[] _buffer = new byte[1500];
    private uint _lastId;

    public Bench(IceRole role = IceRole.Controlling, IceAgentOptions? options = null, bool hasCredentials = true, params TransportAddress[] hosts)
    {
        Agent = new IceAgent((options ?? new IceAgentOptions()) with { Role = role }, new SeededRandomSource(7));
        Agent.StartGathering(hosts.Length > 0 ? hosts : [Local], [], Now);
        if (hasCredentials)
        {
            Agent.SetRemoteCredentials(PeerCredentials, Now);
        }
    }

    public IceAgent Agent { get; }

    public Instant Now { get; private set; } = VirtualClock.Start;

    public NetworkPath Path => new(Local, Remote);

    public List<IceEvent> Events { get; } = [];

    public static IceCandidate Candidate(TransportAddress address, uint priority = 2130706431, string foundation = "f", IceCandidateType type = IceCandidateType.Host) => new()
    {
        Foundation = foundation,
        Priority = priority,
        Address = address,
        Type = type,
    };

    /// <summary>Everything that the agent wants to send now.</summary>
    public List<Sent> Poll()
    {
        var sent = new List<Sent>();
        while (Agent.TryPollTransmit(_buffer, out var transmit))
        {
            sent.Add(new Sent(_buffer.AsSpan(0, transmit.Length).ToArray(), transmit.Path!.Value));
        }

        while (Agent.TryPollEvent(out var e))
        {
            Events.Add(e);
        }

        return sent;
    }

    /// <summary>Goes on in time, through every timeout, and gives what was sent on the way.</summary>
    public List<Sent> Run(TimeSpan duration)
    {
        var end = Now + duration;
        var sent = Poll();
        for (var rounds = 0; Agent.NextTimeout is { } next && next <= end; rounds++)
        {
            Assert.That(rounds, Is.LessThan(100_000), "the agent spins");
            Now = Instant.Max(Now, next);
            Agent.HandleTimeout(Now);
            sent.AddRange(Poll());
        }

        Now = end;
        return sent;
    }

    public void Receive(ReadOnlySpan<byte> datagram, NetworkPath? path = null) => Agent.HandleDatagram(datagram, path ?? Path, Now);

    /// <summary>A check as the peer would send it.</summary>
    public byte[] Request(
        IceRole role = IceRole.Controlled,
        bool isNominating = false,
        string? username = null,
        string? password = null,
        ulong tieBreaker = 1,
        Action<StunWriterBox>? more = null,
        bool hasPriority = true,
        bool hasIntegrity = true,
        bool hasFingerprint = true)
    {
        using var key = StunIntegrityKey.FromPassword(password ?? Agent.LocalCredentials.Password);
        var box = new StunWriterBox(StunClass.Request, new StunTransactionId(1, ++_lastId));
        box.Add(StunAttributeType.Username, Encoding.UTF8.GetBytes(username ?? $"{Agent.LocalCredentials.UsernameFragment}:{PeerCredentials.UsernameFragment}"));
        box.AddUInt64(role == IceRole.Controlling ? StunAttributeType.IceControlling : StunAttributeType.IceControlled, tieBreaker);
        if (isNominating)
        {
            box.Add(StunAttributeType.UseCandidate, []);
        }

        if (hasPriority)
        {
            box.AddUInt32(StunAttributeType.Priority, 1862270975);
        }

        more?.Invoke(box);
        return box.Finish(hasIntegrity ? key : null, hasFingerprint);
    }

    /// <summary>The peer's answer to a check of the agent.</summary>
    public static byte[] Answer(Sent request, TransportAddress? mapped = null, string? password = null, StunErrorCode? error = null, StunTransactionId? id = null)
    {
        using var key = StunIntegrityKey.FromPassword(password ?? PeerCredentials.Password);
        var box = new StunWriterBox(error is null ? StunClass.SuccessResponse : StunClass.ErrorResponse, id ?? request.Id);
        if (error is { } code)
        {
            box.AddError(code);
        }
        else
        {
            box.AddXorAddress(mapped ?? request.Path.Local);
        }

        return box.Finish(key, true);
    }

    /// <summary>Lets the agent's check of the one pair succeed.</summary>
    public void Connect()
    {
        Agent.AddRemoteCandidate(Candidate(Remote), Now);
        AnswerAll();
        AnswerAll();
        Assert.That(Agent.State, Is.AnyOf(IceAgentState.Connected, IceAgentState.Completed));
    }

    /// <summary>Answers every request that is waiting to be sent.</summary>
    public int AnswerAll(Func<Sent, bool>? which = null)
    {
        var requests = Poll().FindAll(s => s.Class == StunClass.Request && (which?.Invoke(s) ?? true));
        foreach (var request in requests)
        {
            Receive(Answer(request), request.Path);
        }

        return requests.Count;
    }

    /// <summary>A datagram that the agent sent.</summary>
    internal sealed record Sent(byte[] Bytes, NetworkPath Path)
    {
        public StunClass Class => View.Class;

        public StunTransactionId Id => View.TransactionId;

        public bool IsNominating => View.HasAttribute(StunAttributeType.UseCandidate);

        public StunErrorCode? Error => View.TryGetErrorCode(out var code, out _) ? code : null;

        public StunMessageView View => StunMessageView.TryParse(Bytes, out var view) ? view : throw new InvalidDataException();
    }

    /// <summary>A writer that closures can hold.</summary>
    internal sealed class StunWriterBox(StunClass messageClass, StunTransactionId id)
    {
        private readonly List<(StunAttributeType Type, byte[] Value)> _attributes = [];
        private TransportAddress? _mapped;
        private StunErrorCode? _error;

        public void Add(StunAttributeType type, byte[] value) => _attributes.Add((type, value));

        public void AddUInt32(StunAttributeType type, uint value) => Add(type, [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value]);

        public void AddUInt64(StunAttributeType type, ulong value)
        {
            var bytes = new byte[8];
            System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
            Add(type, bytes);
        }

        public void AddXorAddress(TransportAddress mapped) => _mapped = mapped;

        public void AddError(StunErrorCode code) => _error = code;

        public byte[] Finish(StunIntegrityKey? key, bool hasFingerprint)
        {
            var writer = new StunMessageWriter(new byte[1200], messageClass, StunMethod.Binding, id);
            foreach (var (type, value) in _attributes)
            {
                writer.Add(type, value);
            }

            if (_mapped is { } mapped)
            {
                writer.AddXorAddress(StunAttributeType.XorMappedAddress, mapped);
            }

            if (_error is { } error)
            {
                writer.AddErrorCode(error, default);
            }

            if (key is not null)
            {
                writer.AddMessageIntegrity(key);
            }

            if (hasFingerprint)
            {
                writer.AddFingerprint();
            }

            return writer.Written.ToArray();
        }
    }
}
