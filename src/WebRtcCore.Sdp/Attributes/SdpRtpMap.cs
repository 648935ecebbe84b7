namespace WebRtcCore.Sdp;

/// <summary><c>a=rtpmap:&lt;payload type&gt; &lt;encoding&gt;/&lt;clock rate&gt;[/&lt;channels&gt;]</c> (RFC 8866 6.6).</summary>
/// <param name="PayloadType">0 to 127.</param>
/// <param name="EncodingName">The codec's name; compare without regard to case.</param>
/// <param name="ClockRate">RTP timestamp ticks a second.</param>
/// <param name="Channels">The encoding parameters: the number of audio channels, or <see langword="null"/> where nothing is said (one).</param>
public readonly record struct SdpRtpMap(byte PayloadType, string EncodingName, uint ClockRate, uint? Channels = null) : ISdpAttribute<SdpRtpMap>
{
    /// <inheritdoc/>
    public static string AttributeName => "rtpmap";

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> value, out SdpRtpMap attribute)
    {
        if (!TrySplit(value, out var payloadType, out var name, out var clockRate, out var channels))
        {
            attribute = default;
            return false;
        }

        attribute = new SdpRtpMap(payloadType, SdpStrings.Encoding(name), clockRate, channels);
        return true;
    }

    /// <inheritdoc/>
    public string ToValue() => Channels is { } channels
        ? $"{PayloadType} {EncodingName}/{ClockRate}/{channels}"
        : $"{PayloadType} {EncodingName}/{ClockRate}";

    internal static bool IsWellFormed(ReadOnlySpan<char> value) => TrySplit(value, out _, out _, out _, out _);

    private static bool TrySplit(ReadOnlySpan<char> value, out byte payloadType, out ReadOnlySpan<char> name, out uint clockRate, out uint? channels)
    {
        name = default;
        clockRate = 0;
        channels = null;
        var reader = new SdpFieldReader(value);
        if (!reader.TryReadPayloadType(out payloadType) || !reader.TryRead(out var encoding) || !reader.IsAtEnd)
        {
            return false;
        }

        var slash = encoding.IndexOf('/');
        if (slash <= 0)
        {
            return false;
        }

        name = encoding[..slash];
        var rest = encoding[(slash + 1)..];
        slash = rest.IndexOf('/');
        if (slash >= 0)
        {
            if (!SdpText.TryParseNumber(rest[(slash + 1)..], out var count) || count == 0)
            {
                return false;
            }

            channels = count;
            rest = rest[..slash];
        }

        return SdpText.IsToken(name) && SdpText.TryParseNumber(rest, out clockRate) && clockRate > 0;
    }
}
