namespace WebRtcCore.Sdp;

/// <summary><c>a=fmtp:&lt;payload type&gt; &lt;parameters&gt;</c> (RFC 8866 6.15) of an RTP m-line.</summary>
/// <param name="PayloadType">0 to 127. It need not be in the m-line: Firefox leaves lines of codecs that it removed.</param>
/// <param name="Parameters">The codec's own text, mostly <c>name=value;name=value</c>.</param>
public readonly record struct SdpFormatParameters(byte PayloadType, string Parameters) : ISdpAttribute<SdpFormatParameters>
{
    /// <inheritdoc/>
    public static string AttributeName => "fmtp";

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> value, out SdpFormatParameters attribute)
    {
        var reader = new SdpFieldReader(value);
        if (!reader.TryReadPayloadType(out var payloadType))
        {
            attribute = default;
            return false;
        }

        attribute = new SdpFormatParameters(payloadType, reader.Rest.ToString());
        return true;
    }

    /// <inheritdoc/>
    public string ToValue() => $"{PayloadType} {Parameters}";

    internal static bool IsWellFormed(ReadOnlySpan<char> value) => new SdpFieldReader(value).TryReadPayloadType(out _);
}
