namespace WebRtcCore.Sctp;

/// <summary>What happened in an <see cref="SctpAssociation"/>.</summary>
public enum SctpEventKind
{
    /// <summary>The state changed: <see cref="SctpEvent.State"/>, and <see cref="SctpEvent.Error"/> if it failed.</summary>
    StateChanged,

    /// <summary>The peer has restarted: streams begin anew, what was in flight is lost. The state is <see cref="SctpAssociationState.Established"/>.</summary>
    PeerRestarted,

    /// <summary>A whole message: <see cref="SctpEvent.Message"/>, which is given.</summary>
    MessageReceived,

    /// <summary>A message of the stream was larger than <see cref="SctpOptions.MaxReceiveMessageSize"/> and was dropped.</summary>
    MessageDropped,

    /// <summary>The stream's send buffer has fallen to its threshold.</summary>
    BufferedAmountLow,

    /// <summary>The peer has reset the stream, from its side to here: it will send with sequence numbers from 0 again.</summary>
    IncomingStreamReset,

    /// <summary>The peer has reset all of its streams at once.</summary>
    AllIncomingStreamsReset,

    /// <summary>The reset of an outgoing stream is done: it may be used anew.</summary>
    OutgoingStreamReset,

    /// <summary>The peer refused to reset an outgoing stream.</summary>
    OutgoingStreamResetFailed,
}
