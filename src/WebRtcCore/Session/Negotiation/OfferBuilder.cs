using WebRtcCore.Sdp;

namespace WebRtcCore.Session.Negotiation;

/// <summary>Makes offers (RFC 8829 5.2): the m-lines of the last descriptions in their places, rejected ones reused, new ones behind them.</summary>
internal sealed class OfferBuilder(
    MediaSectionWriter writer,
    CodecNegotiation codecs,
    HeaderExtensionNegotiation extensions,
    MidAllocator mids)
{
    // What a data m-line's mid is planned for.
    private readonly object _data = new();

    /// <summary>Makes the m-lines of an offer.</summary>
    /// <param name="descriptions">The descriptions in force.</param>
    /// <param name="transceivers">All transceivers, in the order of their creation.</param>
    /// <param name="needsData">Whether there is or must be a data m-line.</param>
    /// <param name="local">This side's transport.</param>
    /// <param name="origin">The <c>o=</c> line.</param>
    internal CreatedDescription Build(DescriptionSet descriptions, IReadOnlyList<RtpTransceiver> transceivers, bool needsData, LocalTransport local, SdpOrigin origin)
    {
        var sdp = new SdpSession { Origin = origin };
        var plan = new List<RtpTransceiver?>();
        var waiting = new Queue<RtpTransceiver>(transceivers.Where(t => t.Mid is null && !t.IsStopping && !t.IsStopped));
        var lines = descriptions.LatestLocal?.Sdp.Media ?? [];
        var dataLine = lines.FirstOrDefault(m => m.IsSctp && descriptions.IsInUse(m));
        var dataIsMissing = needsData && dataLine is null;
        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i];
            var transceiver = transceivers.FirstOrDefault(t => t.Mid is not null && t.Mid == line.Mid && !t.IsStopped);
            if (transceiver is { IsStopping: false })
            {
                Add(WriteRtp(transceiver, transceiver.Mid!, local), transceiver);
            }
            else if (transceiver is null && line == dataLine)
            {
                Add(WriteData(line.Mid!, local), null);
            }
            else if (transceiver is null && descriptions.IsRecyclable(i) && waiting.TryDequeue(out var recycler))
            {
                // RFC 8829 5.2.2: an m-line that both sides have given up is used anew, under another mid.
                Add(WriteRtp(recycler, mids.Plan(recycler), local), recycler);
            }
            else if (transceiver is null && descriptions.IsRecyclable(i) && dataIsMissing)
            {
                dataIsMissing = false;
                Add(WriteData(mids.Plan(_data), local), null);
            }
            else
            {
                Add(MediaSectionWriter.WriteRejected(line), transceiver);
            }
        }

        while (waiting.TryDequeue(out var added))
        {
            Add(WriteRtp(added, mids.Plan(added), local), added);
        }

        if (dataIsMissing)
        {
            Add(WriteData(mids.Plan(_data), local), null);
        }

        MediaSectionWriter.Finish(sdp, local, allowMixed: true, writeGroup: true);
        return new CreatedDescription(SdpType.Offer, sdp, sdp.ToString(), plan);

        void Add(SdpMedia media, RtpTransceiver? transceiver)
        {
            sdp.Media.Add(media);
            plan.Add(transceiver);
        }
    }

    private SdpMedia WriteRtp(RtpTransceiver transceiver, string mid, LocalTransport local) => writer.WriteRtp(new RtpSection
    {
        Transceiver = transceiver,
        Mid = mid,
        Local = local,

        // RFC 8842 5.2: an offer leaves the choice to the answerer, who keeps the role that it has.
        Setup = SdpSetupRole.ActPass,
        Direction = Directions.ToSdp(transceiver.PreferredDirection),
        Codecs = codecs.Offer(transceiver),
        Extensions = [.. extensions.Offer(codecs.GetCapabilities(transceiver.Kind).HeaderExtensions)],
        SendRids = Directions.ToSdp(transceiver.PreferredDirection).IsSending() ? SimulcastNegotiation.GetOwn(transceiver.Sender) : [],
    });

    private SdpMedia WriteData(string mid, LocalTransport local) =>
        writer.WriteData(mid, SdpMedia.SctpProtocol, [SdpMedia.DataChannelFormat], local, SdpSetupRole.ActPass);
}
