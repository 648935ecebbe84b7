using WebRtcCore.Sdp;

namespace WebRtcCore.Session.Negotiation;

/// <summary>Writes m-lines in the order of lines that Chromium uses (RFC 8829 5.2.1, 5.3.1).</summary>
internal sealed class MediaSectionWriter(string cname, int maxMessageSize)
{
    private const string NoAddress = "IN IP4 0.0.0.0";
    private const ushort SctpPort = 5000;

    /// <summary>An audio or video m-line.</summary>
    internal SdpMedia WriteRtp(RtpSection section)
    {
        var media = new SdpMedia(section.Transceiver.Kind.ToW3CString(), SdpMedia.DiscardPort, section.Protocol, [.. section.Codecs.Select(c => $"{c.PayloadType}")])
        {
            Connection = NoAddress,
        };
        var attributes = media.Attributes;
        attributes.Add(new SdpRtcp(SdpMedia.DiscardPort, NoAddress));
        WriteTransport(media, section.Mid, section.Local, section.Setup);
        foreach (var extension in section.Extensions)
        {
            attributes.Add(extension);
        }

        attributes.Add(section.Direction.ToName());
        if (section.Direction.IsSending())
        {
            WriteStreams(media, section.Transceiver.Sender);
        }

        attributes.Add(SdpAttributeNames.RtcpMux);
        if (section.HasReducedSizeRtcp)
        {
            attributes.Add(SdpAttributeNames.RtcpRsize);
        }

        WriteCodecs(media, section.Codecs);
        WriteRids(media, section);
        if (section.Direction.IsSending() && section.SendRids.Count == 0)
        {
            WriteSources(media, section);
        }

        return media;
    }

    /// <summary>The data m-line (RFC 8841).</summary>
    internal SdpMedia WriteData(string mid, string protocol, IReadOnlyList<string> formats, LocalTransport local, SdpSetupRole setup)
    {
        var media = new SdpMedia("application", SdpMedia.DiscardPort, protocol, formats) { Connection = NoAddress };
        WriteTransport(media, mid, local, setup);
        if (formats is [SdpMedia.DataChannelFormat])
        {
            media.Attributes.Add(SdpAttributeNames.SctpPort, $"{SctpPort}");
        }
        else
        {
            // The form of the drafts: the m-line's format is the port and sctpmap explains it.
            media.Attributes.Add(new SdpSctpMap(SctpPort, SdpMedia.DataChannelFormat, ushort.MaxValue));
        }

        // RFC 8841 6.1: absent would mean 64 KiB, so it is always said.
        media.Attributes.Add(SdpAttributeNames.MaxMessageSize, $"{maxMessageSize}");
        return media;
    }

    /// <summary>A rejected m-line with the kind, protocol and formats of <paramref name="pattern"/>.</summary>
    internal static SdpMedia WriteRejected(SdpMedia pattern)
    {
        var media = new SdpMedia(pattern.Kind, 0, pattern.Protocol, pattern.Formats) { Connection = NoAddress };
        if (pattern.Mid is { } mid)
        {
            media.Mid = mid;
        }

        if (pattern.IsRtp)
        {
            media.Attributes.Add(SdpAttributeNames.Inactive);
            foreach (var map in pattern.Attributes.GetAll<SdpRtpMap>())
            {
                media.Attributes.Add(map);
            }
        }

        return media;
    }

    /// <summary>The session's part: BUNDLE over all accepted m-lines, and the candidates at the first of them.</summary>
    internal static void Finish(SdpSession sdp, LocalTransport local, bool allowMixed, bool writeGroup)
    {
        var accepted = sdp.Media.Where(m => !m.IsRejected).ToArray();
        if (writeGroup && accepted.Length > 0)
        {
            sdp.Attributes.Add(new SdpGroup(SdpGroup.Bundle, [.. accepted.Select(m => m.Mid!)]));
        }

        if (local.IsIceLite)
        {
            // RFC 8839 5.3: for the whole session, never for one m-line.
            sdp.Attributes.Add(SdpAttributeNames.IceLite);
        }

        if (allowMixed)
        {
            sdp.Attributes.Add(SdpAttributeNames.ExtmapAllowMixed);
        }

        sdp.Attributes.Add(SdpAttributeNames.MsidSemantic, " WMS *");
        if (accepted.Length == 0)
        {
            return;
        }

        var applied = new AppliedDescription(SdpType.Offer, sdp);
        foreach (var candidate in local.Candidates)
        {
            CandidateBook.AddLocal(applied, accepted[0], candidate);
        }

        if (local.IsEndOfCandidates)
        {
            applied.AddEndOfCandidates(accepted[0]);
        }
    }

    // RFC 8843 7.1.2: bundled m-lines repeat the attributes of the transport, as browsers do.
    private static void WriteTransport(SdpMedia media, string mid, LocalTransport local, SdpSetupRole setup)
    {
        var attributes = media.Attributes;
        attributes.Add(SdpAttributeNames.IceUfrag, local.Ice.UsernameFragment);
        attributes.Add(SdpAttributeNames.IcePwd, local.Ice.Password);
        // RFC 8445 10 and RFC 8839 4.2.1.5: ice2 says that this is no agent of RFC 5245, whose nomination was another.
        attributes.Add(SdpAttributeNames.IceOptions, "trickle ice2 renomination");
        foreach (var fingerprint in local.Fingerprints)
        {
            attributes.Add(new SdpFingerprint(fingerprint.Algorithm, fingerprint.Value));
        }

        attributes.Add(new SdpSetup(setup));
        media.Mid = mid;
    }

    private static void WriteStreams(SdpMedia media, RtpSender sender)
    {
        // RFC 8829 5.2.1: the second part names the track for good, even if another one is sent later.
        sender.MsidTrackId ??= sender.Track?.Id ?? Guid.NewGuid().ToString();
        foreach (var stream in sender.StreamIds.DefaultIfEmpty(SdpMsid.NoStream))
        {
            media.Attributes.Add(new SdpMsid(stream, sender.MsidTrackId));
        }
    }

    private static void WriteCodecs(SdpMedia media, IReadOnlyList<RtpCodecParameters> codecs)
    {
        foreach (var codec in codecs)
        {
            var payloadType = (byte)codec.PayloadType;
            media.Attributes.Add(new SdpRtpMap(payloadType, codec.Name, (uint)codec.ClockRate, codec.Channels is > 1 ? (uint)codec.Channels : null));
            foreach (var feedback in codec.RtcpFeedback)
            {
                var space = feedback.IndexOf(' ', StringComparison.Ordinal);
                media.Attributes.Add(space < 0
                    ? new SdpRtcpFeedback(payloadType, feedback)
                    : new SdpRtcpFeedback(payloadType, feedback[..space], feedback[(space + 1)..]));
            }

            if (codec.SdpFmtpLine is { } format)
            {
                media.Attributes.Add(new SdpFormatParameters(payloadType, format));
            }
        }
    }

    // RFC 8853 5.1: a=simulcast says which of the rids are simulcast streams, in order of preference.
    private static void WriteRids(SdpMedia media, RtpSection section)
    {
        if (section.SendRids.Count + section.ReceiveRids.Count == 0)
        {
            return;
        }

        foreach (var rid in section.SendRids)
        {
            media.Attributes.Add(new SdpRid(rid.Rid, IsSend: true));
        }

        foreach (var rid in section.ReceiveRids)
        {
            media.Attributes.Add(new SdpRid(rid.Rid, IsSend: false));
        }

        media.Attributes.Add(new SdpSimulcast([.. section.SendRids.Select(r => new[] { r })], [.. section.ReceiveRids.Select(r => new[] { r })]));
    }

    private void WriteSources(SdpMedia media, RtpSection section)
    {
        var ssrcs = section.Transceiver.Sender.Ssrcs.First;
        var hasRtx = section.Codecs.Any(CodecMatcher.IsRtx);
        if (hasRtx)
        {
            media.Attributes.Add(new SdpSsrcGroup(SdpSsrcGroup.FlowIdentification, [ssrcs.Media.Value, ssrcs.Retransmission.Value]));
        }

        // RFC 5956 4.3, in the form that browsers use: the repair packets of one stream.
        var hasFlexFec = section.Codecs.Any(CodecMatcher.IsFlexFec);
        if (hasFlexFec)
        {
            media.Attributes.Add(new SdpSsrcGroup(SdpSsrcGroup.RepairFlow, [ssrcs.Media.Value, ssrcs.Repair.Value]));
        }

        media.Attributes.Add(new SdpSsrc(ssrcs.Media.Value, "cname", cname));
        if (hasRtx)
        {
            media.Attributes.Add(new SdpSsrc(ssrcs.Retransmission.Value, "cname", cname));
        }

        if (hasFlexFec)
        {
            media.Attributes.Add(new SdpSsrc(ssrcs.Repair.Value, "cname", cname));
        }
    }
}
