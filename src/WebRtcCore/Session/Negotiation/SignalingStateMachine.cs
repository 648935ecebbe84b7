namespace WebRtcCore.Session.Negotiation;

/// <summary>
/// The offer/answer states (RFC 8829 3.2, W3C webrtc 4.3.1):
/// <code>
///   stable --local offer--> have-local-offer --remote answer--> stable
///                           have-local-offer --remote pranswer--> have-remote-pranswer --remote answer--> stable
///   stable --remote offer-> have-remote-offer --local answer--> stable
///                           have-remote-offer --local pranswer--> have-local-pranswer --local answer--> stable
///   rollback: have-local-offer and have-remote-offer, and their pranswer states, go back to stable
/// </code>
/// </summary>
internal sealed class SignalingStateMachine
{
    /// <summary>Where offer and answer stand.</summary>
    internal SignalingState State { get; private set; } = SignalingState.Stable;

    /// <summary>The state that applying a description leads to.</summary>
    /// <exception cref="RtcException">InvalidStateError: the description does not fit the state.</exception>
    internal SignalingState Next(SdpType type, bool isLocal)
    {
        var next = (State, type, isLocal) switch
        {
            (SignalingState.Stable or SignalingState.HaveLocalOffer, SdpType.Offer, true) => SignalingState.HaveLocalOffer,

            // W3C webrtc 4.4.1.5: a remote offer while our own is pending rolls ours back first.
            (SignalingState.Stable or SignalingState.HaveRemoteOffer or SignalingState.HaveLocalOffer, SdpType.Offer, false) => SignalingState.HaveRemoteOffer,
            (SignalingState.HaveRemoteOffer or SignalingState.HaveLocalPrAnswer, SdpType.PrAnswer, true) => SignalingState.HaveLocalPrAnswer,
            (SignalingState.HaveLocalOffer or SignalingState.HaveRemotePrAnswer, SdpType.PrAnswer, false) => SignalingState.HaveRemotePrAnswer,
            (SignalingState.HaveRemoteOffer or SignalingState.HaveLocalPrAnswer, SdpType.Answer, true) => SignalingState.Stable,
            (SignalingState.HaveLocalOffer or SignalingState.HaveRemotePrAnswer, SdpType.Answer, false) => SignalingState.Stable,
            (not (SignalingState.Stable or SignalingState.Closed), SdpType.Rollback, _) => SignalingState.Stable,
            _ => (SignalingState?)null,
        };
        return next ?? throw RtcException.InvalidState(
            $"A {(isLocal ? "local" : "remote")} {type.ToW3CString()} cannot be applied in the state {State.ToW3CString()}.");
    }

    /// <summary>Throws unless an offer can be made now (W3C webrtc 4.4.1.1).</summary>
    internal void ThrowIfNoOfferPossible()
    {
        if (State is not (SignalingState.Stable or SignalingState.HaveLocalOffer))
        {
            throw RtcException.InvalidState($"No offer can be made in the state {State.ToW3CString()}.");
        }
    }

    /// <summary>Throws unless an answer can be made now (W3C webrtc 4.4.1.3).</summary>
    internal void ThrowIfNoAnswerPossible()
    {
        if (State is not (SignalingState.HaveRemoteOffer or SignalingState.HaveLocalPrAnswer))
        {
            throw RtcException.InvalidState($"No answer can be made in the state {State.ToW3CString()}.");
        }
    }

    /// <summary>Enters a state and tells whether it is another one.</summary>
    internal bool TransitionTo(SignalingState state)
    {
        var changed = State != state;
        State = state;
        return changed;
    }
}
