using System.Globalization;

namespace WebRtcCore.Sdp;

/// <summary>
/// One m-line and what belongs to it (RFC 8866 5.14). The properties are views of <see cref="Attributes"/>: setting one changes its
/// line, so that text and properties never disagree. Not thread-safe.
/// </summary>
public sealed class SdpMedia
{
    /// <summary>The protocol of RTP in WebRTC (RFC 8834 4.2).</summary>
    public const string RtpProtocol = "UDP/TLS/RTP/SAVPF";

    /// <summary>The protocol of data channels (RFC 8841).</summary>
    public const string SctpProtocol = "UDP/DTLS/SCTP";

    /// <summary>The format of data channels (RFC 8841).</summary>
    public const string DataChannelFormat = "webrtc-datachannel";

    /// <summary>The port that stands for "no candidate yet" (RFC 8840 4.1.1).</summary>
    public const int DiscardPort = 9;

    /// <summary>Creates an m-line.</summary>
    /// <param name="kind"><c>audio</c>, <c>video</c>, <c>application</c> or another token.</param>
    /// <param name="port">0 to 65535; 0 says that the m-line is rejected, or bundle-only.</param>
    /// <param name="protocol">For example <see cref="RtpProtocol"/>.</param>
    /// <param name="formats">Payload types in order of preference, or <see cref="DataChannelFormat"/>.</param>
    /// <exception cref="ArgumentException">A text is not a field, there is no format, or one of RTP is not a payload type.</exception>
    public SdpMedia(string kind, int port, string protocol, IReadOnlyList<string> formats)
        : this(SdpText.RequireToken(kind, nameof(kind)), SdpText.RequireField(protocol, nameof(protocol)), RequireFormats(formats, IsRtpProtocol(protocol))) => Port = port;

    private SdpMedia(string kind, string protocol, IReadOnlyList<string> formats)
    {
        Kind = kind;
        Protocol = protocol;
        Formats = formats;
    }

    /// <summary><c>audio</c>, <c>video</c>, <c>application</c>, ...</summary>
    public string Kind { get; }

    /// <summary>0 to 65535.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to something else.</exception>
    public int Port
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, ushort.MaxValue);
            field = value;
        }
    }

    /// <summary>The number of ports after a slash, or <see langword="null"/>; WebRTC never has one.</summary>
    public int? PortCount { get; init; }

    /// <summary>For example <see cref="RtpProtocol"/>.</summary>
    public string Protocol { get; }

    /// <summary>Payload types in order of preference, or what else the protocol has for formats.</summary>
    public IReadOnlyList<string> Formats { get; }

    /// <summary>The lines <c>i c b k</c> between the m-line and its attributes.</summary>
    public IList<SdpLine> Lines { get; } = [];

    /// <summary>The attributes.</summary>
    public SdpAttributeList Attributes { get; } = new();

    /// <summary>Whether this is RTP of any profile, so that <see cref="Formats"/> are payload types.</summary>
    public bool IsRtp => IsRtpProtocol(Protocol);

    /// <summary>Whether this is SCTP over DTLS in any of its spellings.</summary>
    public bool IsSctp => Protocol.EndsWith("DTLS/SCTP", StringComparison.Ordinal);

    /// <summary>The payload types of an RTP m-line, in order; empty for others.</summary>
    public IReadOnlyList<byte> PayloadTypes =>
        IsRtp ? [.. Formats.Select(f => byte.Parse(f, NumberStyles.None, CultureInfo.InvariantCulture))] : [];

    /// <summary>The address of the first <c>c=</c> line, for example <c>IN IP4 0.0.0.0</c>; <see langword="null"/> if there is none.</summary>
    /// <exception cref="ArgumentException">Set to a value with CR, LF or NUL.</exception>
    public string? Connection
    {
        get => Lines.FirstOrDefault(l => l.Type == 'c') is { Type: 'c' } line ? line.Value.ToString() : null;
        set
        {
            var index = 0;
            while (index < Lines.Count && Lines[index].Type is not ('c' or 'b' or 'k'))
            {
                index++;
            }

            if (index < Lines.Count && Lines[index].Type == 'c')
            {
                Lines.RemoveAt(index);
            }

            if (value is not null)
            {
                Lines.Insert(index, new SdpLine('c', value));
            }
        }
    }

    /// <summary>The name (RFC 5888), or <see langword="null"/>.</summary>
    /// <exception cref="ArgumentException">Set to something that is not a token.</exception>
    public string? Mid
    {
        get => Attributes.GetValue(SdpAttributeNames.Mid);
        set => SetOrRemove(SdpAttributeNames.Mid, value is null ? null : SdpText.RequireToken(value, nameof(value)));
    }

    /// <summary>The direction that the m-line itself gives, or <see langword="null"/>. See <see cref="SdpSession.GetDirection"/>.</summary>
    public SdpDirection? Direction
    {
        get => SdpSession.FindDirection(Attributes);
        set
        {
            foreach (var direction in Enum.GetValues<SdpDirection>())
            {
                Attributes.RemoveAll(direction.ToName());
            }

            if (value is { } kept)
            {
                Attributes.Add(kept.ToName());
            }
        }
    }

    /// <summary>Whether <c>a=rtcp-mux</c> or <c>a=rtcp-mux-only</c> is there.</summary>
    public bool HasRtcpMux => Attributes.Contains(SdpAttributeNames.RtcpMux) || Attributes.Contains(SdpAttributeNames.RtcpMuxOnly);

    /// <summary>Whether <c>a=bundle-only</c> is there: port 0 then does not mean that the m-line is rejected (RFC 8843 7.3.2).</summary>
    public bool IsBundleOnly => Attributes.Contains(SdpAttributeNames.BundleOnly);

    /// <summary>Whether the m-line is rejected or stopped: port 0 without <c>a=bundle-only</c>.</summary>
    public bool IsRejected => Port == 0 && !IsBundleOnly;

    /// <summary>
    /// The SCTP port: <c>a=sctp-port</c>, or the older <c>a=sctpmap</c>; <see langword="null"/> if neither is there.
    /// </summary>
    public int? SctpPort =>
        Attributes.GetNumber(SdpAttributeNames.SctpPort) is { } port ? (int)port : Attributes.TryGet<SdpSctpMap>(out var map) ? map.Port : null;

    /// <summary>
    /// The longest message that the description's sender accepts, in bytes: 0 is no limit, <see langword="null"/> is not said, which
    /// means 65,536 (RFC 8841 6). What exceeds <see cref="long.MaxValue"/> is given as that.
    /// </summary>
    public long? MaxMessageSize
    {
        get
        {
            var text = Attributes.GetValue(SdpAttributeNames.MaxMessageSize);
            return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? (long)Math.Min(value, long.MaxValue) : null;
        }
    }

    /// <summary>Whether a protocol is RTP of any profile.</summary>
    internal static bool IsRtpProtocol(string protocol) => ReferenceEquals(protocol, RtpProtocol) || protocol.Contains("RTP/", StringComparison.Ordinal);

    /// <summary>For the parser, which has checked all of them.</summary>
    internal static SdpMedia FromParsed(string kind, int port, int? portCount, string protocol, IReadOnlyList<string> formats) =>
        new(kind, protocol, formats) { Port = port, PortCount = portCount };

    private static List<string> RequireFormats(IReadOnlyList<string> formats, bool isRtp)
    {
        ArgumentNullException.ThrowIfNull(formats);
        ArgumentOutOfRangeException.ThrowIfZero(formats.Count, nameof(formats));
        if (isRtp && !formats.All(f => SdpText.TryParsePayloadType(f, out _)))
        {
            throw new ArgumentException("A format of RTP must be a payload type from 0 to 127.", nameof(formats));
        }

        return [.. formats.Select(f => SdpText.RequireField(f, nameof(formats)))];
    }

    private void SetOrRemove(string name, string? value)
    {
        if (value is null)
        {
            Attributes.RemoveAll(name);
        }
        else
        {
            Attributes.Set(name, value);
        }
    }
}
