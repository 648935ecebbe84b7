namespace WebRtcCore;

/// <summary>W3C <c>RTCSctpTransport</c>. State and events belong to the API dispatcher; reading is safe from any thread.</summary>
public sealed class SctpTransport
{
    internal SctpTransport(DtlsTransport transport, long maxMessageSize)
    {
        Transport = transport;
        MaxMessageSize = maxMessageSize;
    }

    /// <summary>The DTLS transport below.</summary>
    public DtlsTransport Transport { get; }

    /// <summary>The state.</summary>
    public SctpTransportState State { get; private set; }

    /// <summary>The largest message, in bytes, that may be sent: the smaller of the peer's and this side's limit.</summary>
    public long MaxMessageSize { get; internal set; }

    /// <summary>How many channels there can be; known once connected.</summary>
    public int? MaxChannels { get; internal set; }

    /// <summary>The state has changed.</summary>
    public event EventHandler? StateChange;

    internal bool SetState(SctpTransportState state)
    {
        if (State == state || State == SctpTransportState.Closed)
        {
            return false;
        }

        State = state;
        return true;
    }

    internal void RaiseStateChange() => StateChange?.Invoke(this, EventArgs.Empty);
}
