using WebRtcCore.Sdp;

namespace WebRtcCore.Session.Negotiation;

/// <summary>Makes answers (RFC 8829 5.3): one m-line for each of the offer, accepted where there is something in common and it is on the one transport.</summary>
internal sealed class AnswerBuilder(MediaSectionWriter writer, CodecNegotiation codecs)
{
    /// <summary>Makes an answer to <paramref name="offer"/>.</summary>
    /// <param name="offer">The pending remote offer; every m-line has a mid.</param>
    /// <param name="transceivers">All transceivers; those of the offer have its mids.</param>
    /// <param name="local">This side's transport.</param>
    /// <param name="origin">The <c>o=</c> line.</param>
    internal CreatedDescription Build(SdpSession offer, IReadOnlyList<RtpTransceiver> transceivers, LocalTransport local, SdpOrigin origin)
    {
        var sdp = new SdpSession { Origin = origin };
        var plan = offer.Media.Select(m => FindTransceiver(m, transceivers)).ToArray();
        var chosen = plan.Select((t, i) => t is null or { IsStopping: true } ? null : codecs.Answer(t, offer.Media[i])).ToArray();
        var data = offer.Media.FirstOrDefault(IsAcceptableData);
        var transport = ChooseTransport(offer, m => m == data || chosen[offer.Media.IndexOf(m)] is { Count: > 0 });
        var mids = transport is null ? null : BundlePlan.GetTransportMids(offer, transport);
        var setup = transport is null ? SdpSetupRole.Active : AnswerSetup(offer.GetSetup(BundlePlan.FindAttributeSource(offer, transport)), local.DtlsRole);
        for (var i = 0; i < plan.Length; i++)
        {
            var line = offer.Media[i];
            var isOnTransport = mids?.Contains(line.Mid!) == true;
            sdp.Media.Add((isOnTransport, plan[i], chosen[i]) switch
            {
                (true, { } transceiver, { Count: > 0 } common) => WriteRtp(offer, line, transceiver, common, local, setup),
                (true, null, _) when line == data => writer.WriteData(line.Mid!, line.Protocol, line.Formats, local, setup),
                _ => MediaSectionWriter.WriteRejected(line),
            });
        }

        var allowMixed = offer.Attributes.Contains(SdpAttributeNames.ExtmapAllowMixed) ||
            (offer.Media.Count > 0 && offer.Media.All(m => m.Attributes.Contains(SdpAttributeNames.ExtmapAllowMixed)));

        // RFC 8843 7.3.3: a group only where the offer has one with the transport's m-line in it.
        MediaSectionWriter.Finish(sdp, local, allowMixed, offer.GetBundleGroup() is { } group && transport is not null && group.Mids.Contains(transport.Mid!, StringComparer.Ordinal));
        return new CreatedDescription(SdpType.Answer, sdp, sdp.ToString(), plan);
    }

    /// <summary>The DTLS role to answer with (RFC 8842 5.3): the one already had, else client, unless the offer leaves no choice.</summary>
    internal static SdpSetupRole AnswerSetup(SdpSetupRole? offered, DtlsRole current) => offered switch
    {
        SdpSetupRole.Active => SdpSetupRole.Passive,
        SdpSetupRole.Passive => SdpSetupRole.Active,
        _ => current == DtlsRole.Server ? SdpSetupRole.Passive : SdpSetupRole.Active,
    };

    // One that is stopping is found too: its m-line is rejected, and applying that stops it for good (RFC 8829 5.3.1).
    private static RtpTransceiver? FindTransceiver(SdpMedia line, IReadOnlyList<RtpTransceiver> transceivers) =>
        line.IsRejected || !MediaLines.IsSupportedRtp(line) ? null : transceivers.FirstOrDefault(t => t.Mid == line.Mid && !t.IsStopped);

    private static bool IsAcceptableData(SdpMedia line) => line.IsSctp && !line.IsRejected && line.SctpPort is not null;

    // RFC 8843 7.3.1: the first m-line of the group that is accepted carries the transport.
    private static SdpMedia? ChooseTransport(SdpSession offer, Func<SdpMedia, bool> isAcceptable)
    {
        var bundled = (offer.GetBundleGroup()?.Mids ?? []).Select(offer.FindMedia).FirstOrDefault(m => m is not null && isAcceptable(m));
        return bundled ?? offer.Media.FirstOrDefault(isAcceptable);
    }

    private SdpMedia WriteRtp(SdpSession offer, SdpMedia line, RtpTransceiver transceiver, IReadOnlyList<RtpCodecParameters> common, LocalTransport local, SdpSetupRole setup)
    {
        var direction = Directions.Intersect(transceiver.PreferredDirection, offer.GetDirection(line));
        return writer.WriteRtp(new RtpSection
        {
            Transceiver = transceiver,
            Mid = line.Mid!,
            Local = local,
            Setup = setup,
            Protocol = line.Protocol,
            Direction = direction,
            Codecs = common,
            Extensions = [.. HeaderExtensionNegotiation.Answer(offer, line, codecs.GetCapabilities(transceiver.Kind).HeaderExtensions)],
            HasReducedSizeRtcp = line.Attributes.Contains(SdpAttributeNames.RtcpRsize),
            SendRids = direction.IsSending() ? SimulcastNegotiation.AnswerSend(transceiver.Sender, line) : [],
            ReceiveRids = direction.IsReceiving() ? SimulcastNegotiation.GetRemote(line, isSend: true) : [],
        });
    }
}
