using WebRtcCore.Session.Negotiation;

namespace WebRtcCore.Session;

/// <summary>
/// The states that the public side shows, and the transports they belong to. Changed on the API dispatcher, in the action that raises the events;
/// readable from any thread.
/// </summary>
internal sealed class ConnectionStates
{
    private volatile int _iceGathering;
    private volatile int _iceConnection;
    private volatile int _connection;
    private volatile SctpTransport? _sctp;
    private readonly long _outgoingMessageLimit;

    public ConnectionStates(long outgoingMessageLimit)
    {
        _outgoingMessageLimit = outgoingMessageLimit;
        Dtls = new DtlsTransport(Ice);
    }

    public IceTransport Ice { get; } = new();

    public DtlsTransport Dtls { get; }

    public SctpTransport? Sctp => _sctp;

    /// <summary>The DTLS role once an answer has decided it.</summary>
    public DtlsRole DtlsRole { get; private set; }

    public IceGatheringState IceGathering => (IceGatheringState)_iceGathering;

    public IceConnectionState IceConnection => (IceConnectionState)_iceConnection;

    public PeerConnectionState Connection => (PeerConnectionState)_connection;

    /// <summary>Takes over what a description has settled.</summary>
    public void Apply(NegotiatedSession session)
    {
        if (session.Transport is { DtlsRole: not DtlsRole.Unknown } transport)
        {
            DtlsRole = transport.DtlsRole;
        }

        if (session is { HasAnswer: true, Data: { } data })
        {
            var limit = Math.Min(data.RemoteMaxMessageSize, _outgoingMessageLimit);
            _sctp ??= new SctpTransport(Dtls, limit);
            _sctp.MaxMessageSize = limit;
        }
    }

    public bool SetIceGathering(IceGatheringState state)
    {
        if (Connection == PeerConnectionState.Closed || IceGathering == state)
        {
            return false;
        }

        _iceGathering = (int)state;
        Ice.GatheringState = state;
        return true;
    }

    /// <summary>Follows the ICE transport; there is one, so its state is the connection's (W3C webrtc 4.3.2).</summary>
    public bool UpdateIceConnection() => Update(ref _iceConnection, (int)Ice.State, (int)IceConnectionState.Closed);

    /// <summary>Combines ICE and DTLS (W3C webrtc 4.3.3).</summary>
    public bool UpdateConnection() => Update(ref _connection, (int)Combine(Ice.State, Dtls.State), (int)PeerConnectionState.Closed);

    /// <summary>Everything is closed, without events.</summary>
    public void Close()
    {
        Ice.SetState(IceTransportState.Closed);
        Dtls.SetState(DtlsTransportState.Closed);
        _sctp?.SetState(SctpTransportState.Closed);
        _iceConnection = (int)IceConnectionState.Closed;
        _connection = (int)PeerConnectionState.Closed;
    }

    internal static PeerConnectionState Combine(IceTransportState ice, DtlsTransportState dtls) => (ice, dtls) switch
    {
        (IceTransportState.Failed, _) or (_, DtlsTransportState.Failed) => PeerConnectionState.Failed,
        (IceTransportState.Disconnected, _) => PeerConnectionState.Disconnected,
        (IceTransportState.New or IceTransportState.Closed, DtlsTransportState.New or DtlsTransportState.Closed) => PeerConnectionState.New,
        (IceTransportState.New or IceTransportState.Checking, _) or (_, DtlsTransportState.New or DtlsTransportState.Connecting) => PeerConnectionState.Connecting,
        _ => PeerConnectionState.Connected,
    };

    private static bool Update(ref int state, int value, int closed)
    {
        if (state == value || state == closed)
        {
            return false;
        }

        state = value;
        return true;
    }
}
