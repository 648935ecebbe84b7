namespace WebRtcCore.Sdp;

/// <summary><c>a=sctpmap:&lt;port&gt; &lt;application&gt; [&lt;streams&gt;]</c>: how drafts before RFC 8841 named the SCTP port.</summary>
/// <param name="Port">The SCTP port.</param>
/// <param name="Application"><c>webrtc-datachannel</c>.</param>
/// <param name="Streams">The number of streams, or <see langword="null"/>.</param>
public readonly record struct SdpSctpMap(ushort Port, string Application, uint? Streams = null) : ISdpAttribute<SdpSctpMap>
{
    /// <inheritdoc/>
    public static string AttributeName => "sctpmap";

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> value, out SdpSctpMap attribute)
    {
        attribute = default;
        var reader = new SdpFieldReader(value);
        if (!reader.TryReadPort(out var port) || !reader.TryRead(out var application))
        {
            return false;
        }

        uint? streams = null;
        if (!reader.IsAtEnd)
        {
            if (!reader.TryReadNumber(out var count))
            {
                return false;
            }

            streams = count;
        }

        attribute = new SdpSctpMap(port, SdpStrings.Format(application), streams);
        return true;
    }

    /// <inheritdoc/>
    public string ToValue() => Streams is { } streams ? $"{Port} {Application} {streams}" : $"{Port} {Application}";
}
