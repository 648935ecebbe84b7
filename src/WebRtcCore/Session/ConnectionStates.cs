using WebRtcCore.Session.Negotiation;

namespace WebRtcCore.Session;

/// <summary>
/// The states that the public side shows, and the transports they belong to. Changed on the API dispatcher, in the action that raises the events;
/// readable from any thread.
/// </summary>
internal sealed class ConnectionStates
{
    private volatile IceGatheringState _iceGathering;
    private volatile IceConnectionState _iceConnection;
    private volatile PeerConnectionState _connection;
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

    public IceGatheringState IceGathering => _iceGathering;

    public IceConnectionState IceConnection => _iceConnection;

    public PeerConnectionState Connection => _connection;

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

        _iceGathering = state;
        Ice.GatheringState = state;
        return true;
    }

    /// <summary>Follows the ICE transport; there is one, so its state is the connection's (W3C webrtc 4.3.2).</summary>
    public bool UpdateIceConnection()
    {
        var state = (IceConnectionState)Ice.State;
        if (_iceConnection == state || _iceConnection == IceConnectionState.Closed)
        {
            return false;
        }

        _iceConnection = state;
        return true;
    }

    /// <summary>Combines ICE and DTLS (W3C webrtc 4.3.3).</summary>
    public bool UpdateConnection()
    {
        var state = Combine(Ice.State, Dtls.State);
        if (_connection == state || _connection == PeerConnectionState.Closed)
        {
            return false;
        }

        _connection = state;
        return true;
    }

    /// <summary>Everything is closed, without events.</summary>
    public void Close()
    {
        Ice.SetState(IceTransportState.Closed);
        Dtls.SetState(DtlsTransportState.Closed);
        _sctp?.SetState(SctpTransportState.Closed);
        _iceConnection = IceConnectionState.Closed;
        _connection = PeerConnectionState.Closed;
    }

    internal static PeerConnectionState Combine(IceTransportState ice, DtlsTransportState dtls) => (ice, dtls) switch
    {
        (IceTransportState.Failed, _) or (_, DtlsTransportState.Failed) => PeerConnectionState.Failed,
        (IceTransportState.Disconnected, _) => PeerConnectionState.Disconnected,
        (IceTransportState.New or IceTransportState.Closed, DtlsTransportState.New or DtlsTransportState.Closed) => PeerConnectionState.New,
        (IceTransportState.New or IceTransportState.Checking, _) or (_, DtlsTransportState.New or DtlsTransportState.Connecting) => PeerConnectionState.Connecting,
        _ => PeerConnectionState.Connected,
    };
}
