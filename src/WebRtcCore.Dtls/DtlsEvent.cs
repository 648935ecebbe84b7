namespace WebRtcCore.Dtls;

/// <summary>Something that happened in a <see cref="DtlsEndpoint"/>.</summary>
public readonly record struct DtlsEvent
{
    private readonly byte[]? _kept;

    private DtlsEvent(DtlsEventKind kind, byte[]? kept = null)
    {
        Kind = kind;
        _kept = kept;
    }

    /// <summary>What happened.</summary>
    public DtlsEventKind Kind { get; }

    /// <summary>The state when it happened.</summary>
    public DtlsState State { get; private init; }

    /// <summary>Why the association failed; <see cref="DtlsErrorKind.None"/> unless <see cref="State"/> is <see cref="DtlsState.Failed"/>.</summary>
    public DtlsErrorKind Error { get; private init; }

    /// <summary>The alert received, or the one sent with a failure.</summary>
    public DtlsAlertDescription? Alert { get; private init; }

    /// <summary>Whether the alert came under the negotiated keys.</summary>
    public bool IsAuthenticated { get; private init; }

    /// <summary>
    /// Where in the datagram just handled the plaintext lies. Only for data that <see cref="IsInDatagram"/>; use <see cref="GetData"/> to be right always.
    /// </summary>
    public Range Data { get; private init; }

    /// <summary>
    /// Whether the data lies in the datagram just handled. <see langword="false"/> only for the few records that overtook the end of the handshake and
    /// were kept.
    /// </summary>
    public bool IsInDatagram => Kind == DtlsEventKind.ApplicationData && _kept is null;

    /// <summary>The plaintext of an <see cref="DtlsEventKind.ApplicationData"/> event; borrowed until the datagram's buffer is reused.</summary>
    /// <param name="datagram">The span passed to the <see cref="DtlsEndpoint.HandleDatagram"/> call before this event was polled.</param>
    public ReadOnlySpan<byte> GetData(ReadOnlySpan<byte> datagram) => Kind switch
    {
        DtlsEventKind.ApplicationData => _kept is null ? datagram[Data] : _kept,
        _ => default,
    };

    internal static DtlsEvent StateChanged(DtlsState state, DtlsErrorKind error = DtlsErrorKind.None, DtlsAlertDescription? alert = null) =>
        new(DtlsEventKind.StateChanged) { State = state, Error = error, Alert = alert };

    internal static DtlsEvent ApplicationData(int offset, int length) =>
        new(DtlsEventKind.ApplicationData) { State = DtlsState.Connected, Data = offset..(offset + length) };

    internal static DtlsEvent KeptApplicationData(byte[] data) => new(DtlsEventKind.ApplicationData, data) { State = DtlsState.Connected };

    internal static DtlsEvent AlertReceived(DtlsState state, DtlsAlertDescription alert, bool isAuthenticated) =>
        new(DtlsEventKind.AlertReceived) { State = state, Alert = alert, IsAuthenticated = isAuthenticated };
}
