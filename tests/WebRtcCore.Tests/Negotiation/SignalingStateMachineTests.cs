using WebRtcCore.Session.Negotiation;

namespace WebRtcCore.Tests.Negotiation;

public class SignalingStateMachineTests
{
    private static readonly Dictionary<(SignalingState, SdpType, bool), SignalingState> Allowed = new()
    {
        [(SignalingState.Stable, SdpType.Offer, true)] = SignalingState.HaveLocalOffer,
        [(SignalingState.Stable, SdpType.Offer, false)] = SignalingState.HaveRemoteOffer,
        [(SignalingState.HaveLocalOffer, SdpType.Offer, true)] = SignalingState.HaveLocalOffer,
        [(SignalingState.HaveLocalOffer, SdpType.Offer, false)] = SignalingState.HaveRemoteOffer,
        [(SignalingState.HaveLocalOffer, SdpType.Answer, false)] = SignalingState.Stable,
        [(SignalingState.HaveLocalOffer, SdpType.PrAnswer, false)] = SignalingState.HaveRemotePrAnswer,
        [(SignalingState.HaveRemotePrAnswer, SdpType.PrAnswer, false)] = SignalingState.HaveRemotePrAnswer,
        [(SignalingState.HaveRemotePrAnswer, SdpType.Answer, false)] = SignalingState.Stable,
        [(SignalingState.HaveRemoteOffer, SdpType.Offer, false)] = SignalingState.HaveRemoteOffer,
        [(SignalingState.HaveRemoteOffer, SdpType.Answer, true)] = SignalingState.Stable,
        [(SignalingState.HaveRemoteOffer, SdpType.PrAnswer, true)] = SignalingState.HaveLocalPrAnswer,
        [(SignalingState.HaveLocalPrAnswer, SdpType.PrAnswer, true)] = SignalingState.HaveLocalPrAnswer,
        [(SignalingState.HaveLocalPrAnswer, SdpType.Answer, true)] = SignalingState.Stable,
    };

    [Test]
    public void Only_the_transitions_of_jsep_are_possible()
    {
        foreach (var state in Enum.GetValues<SignalingState>())
        {
            foreach (var type in Enum.GetValues<SdpType>())
            {
                foreach (var isLocal in new[] { true, false })
                {
                    var machine = new SignalingStateMachine();
                    machine.TransitionTo(state);
                    var isRollback = type == SdpType.Rollback && state is not (SignalingState.Stable or SignalingState.Closed);
                    if (isRollback || Allowed.ContainsKey((state, type, isLocal)))
                    {
                        var expected = isRollback ? SignalingState.Stable : Allowed[(state, type, isLocal)];
                        Assert.That(machine.Next(type, isLocal), Is.EqualTo(expected), $"{state} {type} {isLocal}");
                    }
                    else
                    {
                        Assert.That(
                            () => machine.Next(type, isLocal),
                            Throws.TypeOf<RtcException>().With.Property(nameof(RtcException.Name)).EqualTo("InvalidStateError"),
                            $"{state} {type} {isLocal}");
                    }
                }
            }
        }
    }

    [Test]
    public void Transition_tells_whether_the_state_is_another_one()
    {
        var machine = new SignalingStateMachine();
        Assert.That(machine.TransitionTo(SignalingState.HaveLocalOffer), Is.True);
        Assert.That(machine.TransitionTo(SignalingState.HaveLocalOffer), Is.False);
    }
}
