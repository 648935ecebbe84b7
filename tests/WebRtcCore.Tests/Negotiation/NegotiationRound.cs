using WebRtcCore.Sdp;
using WebRtcCore.Session.Negotiation;

namespace WebRtcCore.Tests.Negotiation;

/// <summary>What one exchange of offer and answer gave.</summary>
internal sealed record NegotiationRound(
    SdpSession Offer,
    SdpSession Answer,
    DescriptionChanges OffererOnAnswer,
    DescriptionChanges AnswererOnOffer,
    DescriptionChanges AnswererOnAnswer);
