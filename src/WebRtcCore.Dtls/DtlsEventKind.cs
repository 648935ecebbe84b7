namespace WebRtcCore.Dtls;

/// <summary>What a <see cref="DtlsEvent"/> reports.</summary>
public enum DtlsEventKind
{
    /// <summary><see cref="DtlsEvent.State"/> is the new state; with <see cref="DtlsState.Failed"/> comes <see cref="DtlsEvent.Error"/>.</summary>
    StateChanged,

    /// <summary>One record of application data; <see cref="DtlsEvent.GetData"/> gives it.</summary>
    ApplicationData,

    /// <summary>
    /// The peer sent <see cref="DtlsEvent.Alert"/>. If it is not <see cref="DtlsEvent.IsAuthenticated"/> anyone on the path may have sent it, and it is
    /// a hint only: the endpoint's state does not change.
    /// </summary>
    AlertReceived,
}
