using WebRtcCore.Sdp;

namespace WebRtcCore.Session.Negotiation;

/// <summary>The rids of simulcast (RFC 8851, 8853): what is offered, what an answer keeps, and what an answer leaves of this side's encodings.</summary>
internal static class SimulcastNegotiation
{
    /// <summary>The streams that a sender's encodings make; empty without rids.</summary>
    internal static IReadOnlyList<SdpSimulcastStream> GetOwn(RtpSender sender) =>
        [.. sender.Encodings.Where(e => e.Rid is not null).Select(e => new SdpSimulcastStream(e.Rid!, !e.Active))];

    /// <summary>The streams that the peer sends (or asks this side to send), each by its first alternative, as far as a rid line explains them.</summary>
    internal static IReadOnlyList<SdpSimulcastStream> GetRemote(SdpMedia media, bool isSend)
    {
        if (!media.Attributes.TryGet<SdpSimulcast>(out var simulcast))
        {
            return [];
        }

        var rids = media.Attributes.GetAll<SdpRid>().Where(r => r.IsSend == isSend).Select(r => r.Id).ToHashSet(StringComparer.Ordinal);
        return [.. (isSend ? simulcast.Send : simulcast.Receive).Select(alternatives => alternatives[0]).Where(s => rids.Contains(s.Rid)).Take(SendEncodingRules.MaxLayers)];
    }

    /// <summary>The streams of an answer that this side sends: those of its encodings that the offer asks for.</summary>
    internal static IReadOnlyList<SdpSimulcastStream> AnswerSend(RtpSender sender, SdpMedia offer)
    {
        var asked = GetRemote(offer, isSend: false).Select(s => s.Rid).ToHashSet(StringComparer.Ordinal);
        return [.. GetOwn(sender).Where(s => asked.Contains(s.Rid))];
    }

    /// <summary>What an offer's request to receive simulcast makes of the encodings of a sender made for it (W3C webrtc 4.4.1.5).</summary>
    internal static void ApplyOffer(RtpSender sender, SdpMedia offer)
    {
        var asked = GetRemote(offer, isSend: false);
        if (asked.Count > 0)
        {
            sender.Encodings = SendEncodingRules.WithScales([.. asked.Select(s => new RtpEncodingParameters { Rid = s.Rid, Active = !s.IsPaused })]);
        }
    }

    /// <summary>What an answer leaves of the encodings: those it receives, or the first alone where it does without simulcast (RFC 8829 5.10).</summary>
    internal static void ApplyAnswer(RtpSender sender, SdpMedia answer)
    {
        if (sender.Encodings.All(e => e.Rid is null))
        {
            return;
        }

        var accepted = GetRemote(answer, isSend: false).Select(s => s.Rid).ToHashSet(StringComparer.Ordinal);
        RtpEncodingParameters[] kept = [.. sender.Encodings.Where(e => e.Rid is not null && accepted.Contains(e.Rid))];
        sender.Encodings = kept.Length > 0 ? kept : [sender.Encodings[0] with { Rid = null }];
    }
}
