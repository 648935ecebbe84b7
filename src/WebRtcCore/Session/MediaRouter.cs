using WebRtcCore.Primitives;
using WebRtcCore.Rtp;
using WebRtcCore.Rtp.HeaderExtensions;
using WebRtcCore.Session.Negotiation;

namespace WebRtcCore.Session;

/// <summary>Keeps an <see cref="RtpSession"/> in step with the negotiated m-lines, and finds the m-line of a stream.</summary>
internal sealed class MediaRouter(RtpSession rtp)
{
    private readonly Dictionary<int, NegotiatedMedia> _media = [];
    private readonly Dictionary<RtpSender, List<RtpSendStream>> _sendStreams = [];

    /// <summary>Takes over newly negotiated m-lines; streams of those that are gone end with a BYE.</summary>
    public void Apply(IReadOnlyList<NegotiatedMedia> media, Instant now)
    {
        _media.Clear();
        foreach (var line in media)
        {
            _media[line.MLineIndex] = line;
        }

        rtp.SetHeaderExtensions(media.SelectMany(line => line.HeaderExtensions).DistinctBy(e => e.Id).Select(e => new RtpHeaderExtension((byte)e.Id, e.Uri)));
        rtp.SetReceivers([.. media.Where(line => line.CanReceive).Select(ToReceiver)]);
        foreach (var line in media)
        {
            line.Transceiver.Receiver.ExtensionMap = rtp.HeaderExtensions;
            if (line.SendCodecs.Count > 0)
            {
                ApplySendStreams(line, now);
            }
        }

        foreach (var (sender, streams) in _sendStreams.Where(pair => media.All(line => line.Transceiver.Sender != pair.Key)).ToArray())
        {
            streams.ForEach(stream => rtp.RemoveSendStream(stream, now));
            _sendStreams.Remove(sender);
        }
    }

    /// <summary>The m-line that a stream's handle stands for.</summary>
    public NegotiatedMedia? Find(int handle) => _media.GetValueOrDefault(handle);

    /// <summary>The m-line of a receiver.</summary>
    public NegotiatedMedia? Find(RtpReceiver receiver) => _media.Values.FirstOrDefault(line => line.Transceiver.Receiver == receiver);

    /// <summary>
    /// The payload type under which <paramref name="sender"/> may send what came with <paramref name="payloadType"/>: the same number for the same codec where there
    /// is one, else another number for it.
    /// </summary>
    public static bool TryMapPayloadType(RtpSender sender, RtpReceiver? source, PayloadType payloadType, out PayloadType mapped)
    {
        mapped = payloadType;
        var codec = source is null ? null : Find(source.Codecs, payloadType.Value);
        var same = Find(sender.Codecs, payloadType.Value);
        if (same is not null && (codec is null || IsSameCodec(same, codec)))
        {
            return true;
        }

        for (var i = 0; codec is not null && i < sender.Codecs.Count; i++)
        {
            if (IsSameCodec(sender.Codecs[i], codec))
            {
                mapped = new PayloadType((byte)sender.Codecs[i].PayloadType);
                return true;
            }
        }

        return false;
    }

    /// <summary>The stream that a sender feeds, or <see langword="null"/> while it may not send.</summary>
    /// <param name="sender">The sender.</param>
    /// <param name="rid">The simulcast layer, or <see langword="null"/> for the first encoding.</param>
    public RtpSendStream? FindSendStream(RtpSender sender, string? rid)
    {
        if (!_sendStreams.TryGetValue(sender, out var streams) || !_media.TryGetValue(streams[0].Options.Handle, out var line) || !line.CanSend)
        {
            return null;
        }

        // By index: a packet must not cost an enumerator.
        for (var i = 0; i < streams.Count; i++)
        {
            var options = streams[i].Options;
            if (rid is null || options.Rid == rid || (options.Rid is null && sender.Ssrcs.IsFirst(rid)))
            {
                return options.IsActive ? streams[i] : null;
            }
        }

        return null;
    }

    /// <summary>The streams of a sender, in the order of its encodings; none while it may not send.</summary>
    public IReadOnlyList<RtpSendStream> GetSendStreams(RtpSender sender) =>
        _sendStreams.TryGetValue(sender, out var streams) && _media.TryGetValue(streams[0].Options.Handle, out var line) && line.CanSend ? streams : [];

    /// <summary>What congestion control wants of a sender's encodings; nothing where the peer gives no feedback.</summary>
    public IReadOnlyList<EncodingBitrate> GetTargetBitrates(RtpSender sender) =>
        [.. GetSendStreams(sender).Where(stream => stream.TargetBitrateBps is not null).Select(stream => new EncodingBitrate(stream.Options.Rid, stream.TargetBitrateBps!.Value))];

    /// <summary>Whether a stream may send a payload type.</summary>
    public static bool HasPayloadType(RtpSendStream stream, PayloadType payloadType)
    {
        for (var i = 0; i < stream.Options.PayloadTypes.Count; i++)
        {
            if (stream.Options.PayloadTypes[i].PayloadType == payloadType)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The longest header of a stream's own packets: all that it adds itself, in elements of the two-byte form (RFC 8285 4.3), padded, and what redundancy takes.</summary>
    public static int GetMaxHeaderLength(RtpSendStream stream)
    {
        const int ElementHeader = 2;
        const int SendTimeAndTransportNumber = ElementHeader + 3 + ElementHeader + 2;
        const int AudioLevel = ElementHeader + 1;
        const int ExtensionHeaderAndPadding = 4 + 3;
        var identifiers = (2 * ElementHeader) + (stream.Options.Mid?.Length ?? 0) + (stream.Options.Rid?.Length ?? 0);
        return RtpPacketView.FixedHeaderLength + ExtensionHeaderAndPadding + SendTimeAndTransportNumber + AudioLevel + identifiers + stream.ProtectionOverhead;
    }

    /// <summary>Takes over changed encodings of a sender.</summary>
    public void UpdateEncodings(RtpSender sender)
    {
        if (!_sendStreams.TryGetValue(sender, out var streams))
        {
            return;
        }

        var encodings = sender.Encodings;
        foreach (var stream in streams)
        {
            if (encodings.FirstOrDefault(encoding => encoding.Rid == stream.Options.Rid) is { } encoding)
            {
                rtp.UpdateSendStream(stream, EncodingStreams.WithEncoding(stream.Options, encoding, encodings));
            }
        }
    }

    // A stream outlives holds and renegotiations: starting its SSRC anew would use SRTP indices a second time.
    private void ApplySendStreams(NegotiatedMedia line, Instant now)
    {
        var sender = line.Transceiver.Sender;
        if (!_sendStreams.TryGetValue(sender, out var streams))
        {
            _sendStreams.Add(sender, streams = []);
        }

        // An answer takes layers away, and never gives them back.
        var encodings = sender.Encodings;
        var kept = encodings.Select(encoding => sender.Ssrcs.Get(encoding.Rid).Media).ToArray();
        foreach (var stream in streams.Where(stream => !kept.Contains(stream.Ssrc)).ToArray())
        {
            rtp.RemoveSendStream(stream, now);
            streams.Remove(stream);
        }

        foreach (var encoding in encodings)
        {
            var options = EncodingStreams.WithEncoding(ToSendStream(line, encoding), encoding, encodings);
            if (streams.Find(stream => stream.Ssrc == options.Ssrc) is { } stream)
            {
                rtp.UpdateSendStream(stream, options);
            }
            else
            {
                streams.Add(rtp.AddSendStream(options));
            }
        }
    }

    private static RtpCodecParameters? Find(IReadOnlyList<RtpCodecParameters> codecs, byte payloadType)
    {
        // By index: a packet must not cost an enumerator.
        for (var i = 0; i < codecs.Count; i++)
        {
            if (codecs[i].PayloadType == payloadType)
            {
                return codecs[i];
            }
        }

        return null;
    }

    private static bool IsSameCodec(RtpCodec left, RtpCodec right) =>
        left.ClockRate == right.ClockRate && left.MimeType.Equals(right.MimeType, StringComparison.OrdinalIgnoreCase) && left.SdpFmtpLine == right.SdpFmtpLine;

    private static RtpReceiverOptions ToReceiver(NegotiatedMedia line) => new()
    {
        Handle = line.MLineIndex,
        Mid = line.Mid,
        PayloadTypes = ToFormats(line.ReceiveCodecs),
        Ssrcs = [.. line.RemoteSsrcs.Where(ssrc => line.RemoteRtxSsrcs.All(pair => pair.Rtx != ssrc)).Select(ssrc =>
            new RtpSsrcPair(ssrc, line.RemoteRtxSsrcs.Where(pair => pair.Media == ssrc).Select(pair => (Ssrc?)pair.Rtx).FirstOrDefault()))],
        Rids = line.RemoteRids,
        ReducedSize = line.ReducedSizeRtcp,
    };

    private static RtpSendStreamOptions ToSendStream(NegotiatedMedia line, RtpEncodingParameters encoding)
    {
        var sender = line.Transceiver.Sender;
        var ssrcs = sender.Ssrcs.Get(encoding.Rid);
        return new RtpSendStreamOptions
        {
            IsAudio = sender.Kind == MediaKind.Audio,
            Handle = line.MLineIndex,
            Ssrc = ssrcs.Media,
            RetransmissionSsrc = line.SendCodecs.Any(codec => codec.AssociatedPayloadType is not null) ? ssrcs.Retransmission : null,
            FecSsrc = line.SendCodecs.Any(CodecMatcher.IsFlexFec) ? ssrcs.Repair : null,
            Mid = line.Mid,
            Rid = encoding.Rid,
            PayloadTypes = ToFormats(line.SendCodecs),
            HeaderExtensions = [.. line.HeaderExtensions.Select(e => new RtpHeaderExtension((byte)e.Id, e.Uri))],
        };
    }

    private static IReadOnlyList<RtpPayloadFormat> ToFormats(IReadOnlyList<RtpCodecParameters> codecs) =>
    [
        .. codecs.Select(codec => new RtpPayloadFormat
        {
            PayloadType = new PayloadType((byte)codec.PayloadType),
            MimeType = codec.MimeType,
            ClockRate = codec.ClockRate,
            AssociatedPayloadType = codec.AssociatedPayloadType is { } apt ? new PayloadType((byte)apt) : null,
            Feedback = ToFeedback(codec.RtcpFeedback),
        }),
    ];

    private static RtcpFeedbackKinds ToFeedback(IReadOnlyList<string> feedback)
    {
        var kinds = RtcpFeedbackKinds.None;
        foreach (var value in feedback)
        {
            kinds |= value switch
            {
                "nack" => RtcpFeedbackKinds.Nack,
                "nack pli" => RtcpFeedbackKinds.NackPli,
                "ccm fir" => RtcpFeedbackKinds.CcmFir,
                "transport-cc" => RtcpFeedbackKinds.TransportCc,
                "ack ccfb" => RtcpFeedbackKinds.AckCcfb,
                "rrtr" => RtcpFeedbackKinds.Rrtr,
                "goog-remb" => RtcpFeedbackKinds.GoogRemb,
                _ => RtcpFeedbackKinds.None,
            };
        }

        return kinds;
    }
}
