namespace WebRtcCore;

/// <summary>W3C <c>RTCDtlsTransport</c>. State and events belong to the API dispatcher; reading is safe from any thread.</summary>
public sealed class DtlsTransport
{
    private volatile IReadOnlyList<ReadOnlyMemory<byte>> _remoteCertificates = [];

    internal DtlsTransport(IceTransport iceTransport) => IceTransport = iceTransport;

    /// <summary>The ICE transport below.</summary>
    public IceTransport IceTransport { get; }

    /// <summary>The state.</summary>
    public DtlsTransportState State { get; private set; }

    /// <summary>The state has changed.</summary>
    public event EventHandler? StateChange;

    /// <summary>The handshake or the verification has failed.</summary>
    public event EventHandler<RtcErrorEventArgs>? Error;

    /// <summary>The certificates that the peer showed, DER; empty before it has.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> GetRemoteCertificates() => _remoteCertificates;

    internal void SetRemoteCertificate(ReadOnlyMemory<byte> certificate) => _remoteCertificates = [certificate];

    internal bool SetState(DtlsTransportState state)
    {
        if (State == state || State == DtlsTransportState.Closed)
        {
            return false;
        }

        State = state;
        return true;
    }

    internal void RaiseStateChange() => StateChange?.Invoke(this, EventArgs.Empty);

    internal void RaiseError(RtcErrorException error) => Error?.Invoke(this, new RtcErrorEventArgs(error));
}
