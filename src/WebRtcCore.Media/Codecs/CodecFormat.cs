namespace WebRtcCore.Media;

/// <summary>What was negotiated about a codec, as far as an encoder or decoder needs it.</summary>
/// <param name="MimeType">For example <c>audio/opus</c>; letter case does not matter.</param>
/// <param name="ClockRate">Ticks of the RTP timestamp per second.</param>
public sealed record CodecFormat(string MimeType, int ClockRate)
{
    /// <summary>Channels of the <c>rtpmap</c>; 1 for video.</summary>
    public int Channels { get; init; } = 1;

    /// <summary>
    /// The <c>a=fmtp</c> parameters of whoever decodes, or <see langword="null"/>: for an encoder what the peer wants to receive, for a decoder what this
    /// side has said.
    /// </summary>
    public string? SdpFmtpLine { get; init; }

    /// <summary>Whether the media type is this one.</summary>
    public bool IsType(string mimeType) => MimeType.Equals(mimeType, StringComparison.OrdinalIgnoreCase);

    /// <summary>The value of an <c>a=fmtp</c> parameter, or <see langword="null"/>. Names do not depend on letter case.</summary>
    public string? GetParameter(string name)
    {
        foreach (var range in SdpFmtpLine.AsSpan().Split(';'))
        {
            var parameter = SdpFmtpLine.AsSpan()[range].Trim();
            var equals = parameter.IndexOf('=');
            if (equals > 0 && parameter[..equals].TrimEnd().Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return parameter[(equals + 1)..].Trim().ToString();
            }
        }

        return null;
    }
}
