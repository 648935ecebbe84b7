using WebRtcCore.Dtls;
using WebRtcCore.Rtp;
using WebRtcCore.Sdp;

namespace WebRtcCore.Session.Negotiation;

/// <summary>Draws from a local and a remote description what the session must know.</summary>
internal static class NegotiatedSessionBuilder
{
    /// <summary>RFC 8841 6.1: what holds where <c>a=max-message-size</c> is missing.</summary>
    private const long DefaultMaxMessageSize = 65_536;

    private const ushort DefaultSctpPort = 5000;

    /// <summary>More sources than this of one m-line are not taken from a description; later ones are found by mid and payload type all the same.</summary>
    private const int MaxSources = 64;

    /// <summary>From an offer and its answer, whichever of the two is the local one.</summary>
    internal static NegotiatedSession Build(AppliedDescription local, AppliedDescription remote, IReadOnlyList<RtpTransceiver> transceivers)
    {
        var answer = local.Type == SdpType.Offer ? remote : local;
        if (answer.FindTransportMedia() is not { } transport)
        {
            return new NegotiatedSession { HasAnswer = true, IsDataRejected = IsDataRejected(answer) };
        }

        var mids = BundlePlan.GetTransportMids(answer.Sdp, transport);
        var accepted = answer.Sdp.Media.Where(m => !m.IsRejected && mids.Contains(m.Mid!)).Select(m => m.Mid!).ToArray();
        return new NegotiatedSession
        {
            Transport = BuildTransport(remote, transport.Mid!) with { DtlsRole = GetDtlsRole(local, remote, transport.Mid!) },
            Data = accepted.Select(mid => BuildData(remote.Sdp.FindMedia(mid)!)).FirstOrDefault(d => d is not null),
            Media =
            [
                .. accepted.Select(mid => (Mid: mid, Transceiver: transceivers.FirstOrDefault(t => t.Mid == mid)))
                    .Where(p => p.Transceiver is { IsStopped: false })
                    .Select(p => BuildMedia(local.Sdp, remote.Sdp, p.Mid, p.Transceiver!)),
            ],
            HasAnswer = true,
            IsDataRejected = IsDataRejected(answer),
        };
    }

    /// <summary>From a first remote offer that is not answered yet: only the transport that it proposes.</summary>
    internal static NegotiatedSession BuildOffered(AppliedDescription remote) => new()
    {
        Transport = remote.FindTransportMedia() is { } media ? BuildTransport(remote, media.Mid!) : null,
    };

    private static bool IsDataRejected(AppliedDescription answer)
    {
        var lines = answer.Sdp.Media.Where(m => m.IsSctp).ToArray();
        return answer.Type == SdpType.Answer && lines.Length > 0 && lines.All(m => m.IsRejected);
    }

    private static NegotiatedTransport BuildTransport(AppliedDescription remote, string mid)
    {
        var sdp = remote.Sdp;
        var media = BundlePlan.FindAttributeSource(sdp, sdp.FindMedia(mid)!);
        return new NegotiatedTransport
        {
            RemoteIce = BundlePlan.GetIce(sdp, media)!,
            IsRemoteIceLite = sdp.Has(media, SdpAttributeNames.IceLite),
            IsRemoteRenominating = sdp.GetValue(media, SdpAttributeNames.IceOptions)?.Split(' ').Contains("renomination", StringComparer.Ordinal) == true,
            RemoteCandidates = [.. media.Attributes.GetValues(SdpAttributeNames.Candidate).Select(c => $"{SdpAttributeNames.Candidate}:{c}")],
            IsEndOfCandidates = sdp.Has(media, SdpAttributeNames.EndOfCandidates),
            RemoteFingerprints = [.. sdp.GetFingerprints(media).Select(f => new DtlsFingerprint(f.Algorithm, f.Value))],
        };
    }

    // RFC 5763 5: the active side is the client. An answer without a=setup is passive (RFC 4145 4: the offerer is active where nothing is said).
    private static DtlsRole GetDtlsRole(AppliedDescription local, AppliedDescription remote, string mid)
    {
        var isAnswerLocal = remote.Type == SdpType.Offer;
        var answer = (isAnswerLocal ? local : remote).Sdp;
        var isAnswererActive = answer.GetSetup(BundlePlan.FindAttributeSource(answer, answer.FindMedia(mid)!)) == SdpSetupRole.Active;
        return isAnswererActive == isAnswerLocal ? DtlsRole.Client : DtlsRole.Server;
    }

    private static NegotiatedData? BuildData(SdpMedia remote) => !remote.IsSctp
        ? null
        : new NegotiatedData(
            remote.Mid!,
            (ushort)(remote.SctpPort ?? DefaultSctpPort),
            remote.MaxMessageSize switch { null => DefaultMaxMessageSize, 0 => long.MaxValue, var size => size.Value });

    private static NegotiatedMedia BuildMedia(SdpSession localSdp, SdpSession remoteSdp, string mid, RtpTransceiver transceiver)
    {
        var (local, remote) = (localSdp.FindMedia(mid)!, remoteSdp.FindMedia(mid)!);
        var (send, receive) = CodecNegotiation.Combine(local, remote);
        var (own, theirs) = (localSdp.GetDirection(local), remoteSdp.GetDirection(remote));
        var fid = remote.Attributes.GetAll<SdpSsrcGroup>()
            .Where(g => g.Semantics == SdpSsrcGroup.FlowIdentification && g.Ssrcs.Count == 2)
            .Select(g => (new Ssrc(g.Ssrcs[0]), new Ssrc(g.Ssrcs[1])));
        return new NegotiatedMedia
        {
            Transceiver = transceiver,
            MLineIndex = remoteSdp.Media.IndexOf(remote),
            Mid = mid,
            CanSend = own.IsSending() && theirs.IsReceiving(),
            CanReceive = own.IsReceiving() && theirs.IsSending(),
            SendCodecs = send,
            ReceiveCodecs = receive,
            HeaderExtensions = HeaderExtensionNegotiation.Combine(local, remote),
            RemoteSsrcs = [.. remote.Attributes.GetAll<SdpSsrc>().Select(s => new Ssrc(s.Ssrc)).Distinct().Take(MaxSources)],
            RemoteRtxSsrcs = [.. fid.Take(MaxSources)],
            RemoteRids = [.. SimulcastNegotiation.GetRemote(remote, isSend: true).Select(s => s.Rid)],
            ReducedSizeRtcp = local.Attributes.Contains(SdpAttributeNames.RtcpRsize) && remote.Attributes.Contains(SdpAttributeNames.RtcpRsize),
        };
    }
}
