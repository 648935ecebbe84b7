namespace WebRtcCore.Session.Negotiation;

/// <summary>
/// The payload types of the BUNDLE group, kept over all negotiations: a codec keeps its number (RFC 8829 5.2.2), and a number means one
/// codec only (RFC 8843 9.1). What a remote offer uses is learned and used in later own offers.
/// </summary>
internal sealed class PayloadTypeMap
{
    // RFC 3551 3 and RFC 5761 4: first the dynamic range, then what else cannot be mistaken for RTCP.
    private static readonly int[] Free = [.. Enumerable.Range(96, 32), .. Enumerable.Range(35, 29)];

    private readonly Dictionary<int, RtpCodecParameters> _byPayloadType = [];

    /// <summary>Takes over the numbers of a description that was applied.</summary>
    internal void Learn(IReadOnlyList<RtpCodecParameters> codecs)
    {
        foreach (var codec in codecs)
        {
            _byPayloadType[codec.PayloadType] = codec;
        }
    }

    /// <summary>The number of a codec in an own offer.</summary>
    /// <exception cref="RtcException">OperationError: all numbers are taken.</exception>
    internal int Assign(RtpCodecCapability codec) =>
        FindOrTake(known => !CodecMatcher.IsRtx(known) && CodecMatcher.Matches(known, codec), codec.PreferredPayloadType, codec);

    /// <summary>The number of a codec's retransmissions in an own offer; one above the codec's where that is free.</summary>
    /// <exception cref="RtcException">OperationError: all numbers are taken.</exception>
    internal int AssignRtx(string kind, int clockRate, int associated) =>
        FindOrTake(
            known => known.AssociatedPayloadType == associated && known.MimeType.StartsWith(kind, StringComparison.OrdinalIgnoreCase),
            associated + 1,
            new RtpCodec($"{kind}/rtx", clockRate),
            associated);

    private int FindOrTake(Func<RtpCodecParameters, bool> isSame, int? preferred, RtpCodec codec, int? associated = null)
    {
        foreach (var known in _byPayloadType.Values)
        {
            if (isSame(known))
            {
                return known.PayloadType;
            }
        }

        var payloadType = preferred is { } wanted && wanted <= 127 && !_byPayloadType.ContainsKey(wanted)
            ? wanted
            : Free.Where(pt => !_byPayloadType.ContainsKey(pt)).Select(pt => (int?)pt).FirstOrDefault()
                ?? throw RtcException.Operation("There is no free payload type left.");
        _byPayloadType[payloadType] = new RtpCodecParameters(codec.MimeType, codec.ClockRate, payloadType)
        {
            Channels = codec.Channels,
            SdpFmtpLine = codec.SdpFmtpLine,
            AssociatedPayloadType = associated,
        };
        return payloadType;
    }
}
