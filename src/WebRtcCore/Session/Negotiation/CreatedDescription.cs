using WebRtcCore.Sdp;

namespace WebRtcCore.Session.Negotiation;

/// <summary>An offer or answer as made, before it is applied.</summary>
/// <param name="Type">Offer or answer.</param>
/// <param name="Sdp">Its model.</param>
/// <param name="Text">Its text; only this may be applied.</param>
/// <param name="Transceivers">For each m-line the transceiver that it was made for; <see langword="null"/> for data and for m-lines that stay rejected.</param>
internal sealed record CreatedDescription(SdpType Type, SdpSession Sdp, string Text, IReadOnlyList<RtpTransceiver?> Transceivers)
{
    /// <summary>A fresh copy to put in force: candidates are added to it, not to what was created.</summary>
    internal SdpSession Copy() =>
        SdpSession.TryParse(Text, out var copy, out var error) ? copy : throw new InvalidOperationException($"A description made here does not parse: {error}.");
}
