using System.Globalization;
using WebRtcCore.Sdp;

namespace WebRtcCore.Session.Negotiation;

/// <summary>Which codecs an offer lists, which of them an answer keeps, and what both sides may then send (RFC 3264 6.1, RFC 8829 5.2, 5.3).</summary>
internal sealed class CodecNegotiation(PeerConnectionOptions options, PayloadTypeMap payloadTypes)
{
    /// <summary>What a transceiver wants: its preferences, else the options' list.</summary>
    internal IReadOnlyList<RtpCodecCapability> GetWanted(RtpTransceiver transceiver) =>
        transceiver.CodecPreferences.Count > 0 ? transceiver.CodecPreferences : GetCapabilities(transceiver.Kind).Codecs;

    internal RtpCapabilities GetCapabilities(MediaKind kind) => kind == MediaKind.Audio ? options.AudioCapabilities : options.VideoCapabilities;

    /// <summary>The codecs of an own offer, each followed by its RTX.</summary>
    internal IReadOnlyList<RtpCodecParameters> Offer(RtpTransceiver transceiver)
    {
        var kind = transceiver.Kind.ToW3CString();
        var codecs = new List<RtpCodecParameters>();
        var used = new HashSet<int>();
        foreach (var wanted in GetWanted(transceiver))
        {
            var payloadType = payloadTypes.Assign(wanted);
            if (!used.Add(payloadType))
            {
                continue;
            }

            codecs.Add(ToParameters(wanted, payloadType));
            if (wanted.HasRtx)
            {
                var rtx = payloadTypes.AssignRtx(kind, wanted.ClockRate, payloadType);
                used.Add(rtx);
                codecs.Add(MakeRtx(kind, wanted.ClockRate, rtx, payloadType));
            }
        }

        return WithRedundancy(codecs);
    }

    /// <summary>
    /// The codecs of an answer, with the offer's payload types: in the offer's order, or in that of the transceiver's preferences where it has some
    /// (RFC 8829 5.3.1). Empty if there is nothing in common.
    /// </summary>
    internal IReadOnlyList<RtpCodecParameters> Answer(RtpTransceiver transceiver, SdpMedia offer)
    {
        var offered = CodecReader.Read(offer);
        var wanted = GetWanted(transceiver);
        var pairs = transceiver.CodecPreferences.Count > 0
            ? wanted.SelectMany(w => offered.Where(o => IsPair(w, o)).Select(o => (Own: w, Offered: o)))
            : offered.SelectMany(o => wanted.Where(w => IsPair(w, o)).Take(1).Select(w => (Own: w, Offered: o)));
        var codecs = new List<RtpCodecParameters>();
        foreach (var (own, theirs) in pairs.DistinctBy(p => p.Offered.PayloadType))
        {
            codecs.Add(theirs with
            {
                SdpFmtpLine = CodecMatcher.AnswerFormat(own, theirs),
                RtcpFeedback = [.. theirs.RtcpFeedback.Intersect(own.RtcpFeedback, StringComparer.Ordinal)],
            });
            if (own.HasRtx && FindRtx(offered, theirs.PayloadType) is { } rtx)
            {
                codecs.Add(MakeRtx(transceiver.Kind.ToW3CString(), theirs.ClockRate, rtx.PayloadType, theirs.PayloadType));
            }
        }

        return codecs.All(c => c.IsResiliencyMechanism) ? [] : codecs;
    }

    /// <summary>
    /// What may be sent and received once both descriptions are known. One sends with the payload types that the peer gave and receives with those
    /// that this side gave, although an answer that keeps to the rules has the same.
    /// </summary>
    internal static (IReadOnlyList<RtpCodecParameters> Send, IReadOnlyList<RtpCodecParameters> Receive) Combine(SdpMedia local, SdpMedia remote)
    {
        var own = CodecReader.Read(local);
        var theirs = CodecReader.Read(remote);
        return (Common(theirs, own), Common(own, theirs));
    }

    // The codecs of one description that the other has too, as the first writes them, with the feedback that both know.
    private static List<RtpCodecParameters> Common(IReadOnlyList<RtpCodecParameters> from, IReadOnlyList<RtpCodecParameters> other)
    {
        var common = new List<RtpCodecParameters>();
        foreach (var codec in from)
        {
            // Equal numbers first: two entries of one codec must not be confused where the peer kept both.
            if (CodecMatcher.IsRtx(codec) ||
                (other.FirstOrDefault(o => o.PayloadType == codec.PayloadType && CodecMatcher.Matches(o, codec)) ??
                    other.FirstOrDefault(o => CodecMatcher.Matches(o, codec))) is not { } match)
            {
                continue;
            }

            common.Add(codec with { RtcpFeedback = [.. codec.RtcpFeedback.Intersect(match.RtcpFeedback, StringComparer.Ordinal)] });
            if (FindRtx(from, codec.PayloadType) is { } rtx && FindRtx(other, match.PayloadType) is not null)
            {
                common.Add(rtx);
            }
        }

        return common;
    }

    private static bool IsPair(RtpCodecCapability own, RtpCodecParameters offered) => !CodecMatcher.IsRtx(offered) && CodecMatcher.Matches(own, offered);

    private static RtpCodecParameters? FindRtx(IReadOnlyList<RtpCodecParameters> codecs, int payloadType) =>
        codecs.FirstOrDefault(c => c.AssociatedPayloadType == payloadType);

    private static RtpCodecParameters ToParameters(RtpCodecCapability codec, int payloadType) => new(codec.MimeType, codec.ClockRate, payloadType)
    {
        Channels = codec.Channels,
        SdpFmtpLine = codec.SdpFmtpLine,
        RtcpFeedback = codec.RtcpFeedback,
    };

    private static RtpCodecParameters MakeRtx(string kind, int clockRate, int payloadType, int associated) => new($"{kind}/rtx", clockRate, payloadType)
    {
        SdpFmtpLine = string.Create(CultureInfo.InvariantCulture, $"apt={associated}"),
        AssociatedPayloadType = associated,
    };

    // RFC 2198 5: RED for audio names the payload types that it carries, here the primary one twice.
    private static List<RtpCodecParameters> WithRedundancy(List<RtpCodecParameters> codecs)
    {
        var primary = codecs.FirstOrDefault(c => !c.IsResiliencyMechanism);
        return primary is null
            ? codecs
            : [.. codecs.Select(c => CodecMatcher.IsRed(c) && c.SdpFmtpLine is null && c.MimeType.StartsWith("audio", StringComparison.OrdinalIgnoreCase)
                ? c with { SdpFmtpLine = string.Create(CultureInfo.InvariantCulture, $"{primary.PayloadType}/{primary.PayloadType}") }
                : c)];
    }
}
