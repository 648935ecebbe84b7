namespace WebRtcCore.Sdp;

/// <summary><c>a=rtcp-fb:&lt;payload type or *&gt; &lt;type&gt; [&lt;parameter&gt;]</c> (RFC 4585 4.2).</summary>
/// <param name="PayloadType">0 to 127, or <see langword="null"/> for all of the m-line.</param>
/// <param name="Type">For example <c>nack</c>, <c>ccm</c>, <c>transport-cc</c>.</param>
/// <param name="Parameter">For example <c>pli</c>, <c>fir</c>; empty where there is none.</param>
public readonly record struct SdpRtcpFeedback(byte? PayloadType, string Type, string Parameter = "") : ISdpAttribute<SdpRtcpFeedback>
{
    /// <inheritdoc/>
    public static string AttributeName => "rtcp-fb";

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> value, out SdpRtcpFeedback attribute)
    {
        if (!TrySplit(value, out var payloadType, out var type, out var parameter))
        {
            attribute = default;
            return false;
        }

        attribute = new SdpRtcpFeedback(payloadType, SdpStrings.Feedback(type), parameter.IsEmpty ? "" : SdpStrings.Feedback(parameter));
        return true;
    }

    /// <inheritdoc/>
    public string ToValue()
    {
        var payloadType = PayloadType is { } pt ? SdpStrings.PayloadType(pt) : "*";
        return Parameter.Length == 0 ? $"{payloadType} {Type}" : $"{payloadType} {Type} {Parameter}";
    }

    internal static bool IsWellFormed(ReadOnlySpan<char> value) => TrySplit(value, out _, out _, out _);

    private static bool TrySplit(ReadOnlySpan<char> value, out byte? payloadType, out ReadOnlySpan<char> type, out ReadOnlySpan<char> parameter)
    {
        payloadType = null;
        type = default;
        parameter = default;
        var reader = new SdpFieldReader(value);
        if (!reader.TryRead(out var first))
        {
            return false;
        }

        if (first is not "*")
        {
            if (!SdpText.TryParsePayloadType(first, out var number))
            {
                return false;
            }

            payloadType = number;
        }

        if (!reader.TryRead(out type))
        {
            return false;
        }

        parameter = reader.Rest.TrimEnd(' ');
        return true;
    }
}
