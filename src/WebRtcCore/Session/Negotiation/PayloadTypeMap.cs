namespace WebRtcCore.Session.Negotiation;

/// <summary>
/// The payload types of the BUNDLE group, kept over all negotiations: a codec keeps its number (RFC 8829 5.2.2), and a number means one
/// codec only (RFC 8843 9.1). What an answer has settled is used in later own offers, whoever chose it.
/// </summary>
internal sealed class PayloadTypeMap
{
    // RFC 3551 3 and RFC 5761 4: first the dynamic range, then what else cannot be mistaken for RTCP.
    private static readonly int[] Dynamic = [.. Enumerable.Range(96, 32), .. Enumerable.Range(35, 29)];

    private readonly Dictionary<int, RtpCodecParameters> _negotiated = [];
    private readonly Dictionary<int, RtpCodecParameters> _planned = [];

    /// <summary>Takes over the numbers that an answer has settled; what was only planned gives way.</summary>
    internal void Learn(IReadOnlyList<RtpCodecParameters> codecs)
    {
        foreach (var codec in codecs)
        {
            _negotiated[codec.PayloadType] = codec;
            _planned.Remove(codec.PayloadType);
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
        if (_negotiated.Values.FirstOrDefault(isSame) is { } settled)
        {
            return settled.PayloadType;
        }

        if (_planned.Values.FirstOrDefault(isSame) is { } planned)
        {
            return planned.PayloadType;
        }

        var payloadType = preferred is { } wanted && wanted is >= 0 and <= 127 && IsFree(wanted)
            ? wanted
            : Dynamic.Where(IsFree).Select(pt => (int?)pt).FirstOrDefault() ?? throw RtcException.Operation("There is no free payload type left.");
        _planned[payloadType] = new RtpCodecParameters(codec.MimeType, codec.ClockRate, payloadType)
        {
            Channels = codec.Channels,
            SdpFmtpLine = codec.SdpFmtpLine,
            AssociatedPayloadType = associated,
        };
        return payloadType;
    }

    private bool IsFree(int payloadType) => !_negotiated.ContainsKey(payloadType) && !_planned.ContainsKey(payloadType);
}
