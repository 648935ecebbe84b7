using System.Diagnostics.CodeAnalysis;

namespace WebRtcCore.Sdp;

/// <summary>
/// A session description (RFC 8866). Everything of the text is kept in order, unknown attributes and lines included, so that what was
/// parsed can be written again as it was. Not thread-safe.
/// </summary>
public sealed class SdpSession
{
    /// <summary>The <c>o=</c> line.</summary>
    public SdpOrigin Origin { get; set; } = new();

    /// <summary>The <c>s=</c> line; <c>-</c> in WebRTC.</summary>
    /// <exception cref="ArgumentException">Set to a text with CR, LF or NUL.</exception>
    public string Name { get; set => field = SdpText.RequireLine(value, nameof(value)); } = "-";

    /// <summary>The lines between <c>s=</c> and the attributes, <c>t=</c> among them. <c>t=0 0</c> is written where this holds no <c>t=</c>.</summary>
    public IList<SdpLine> Lines { get; } = [];

    /// <summary>The attributes of the session.</summary>
    public SdpAttributeList Attributes { get; } = new();

    /// <summary>The m-lines, in order.</summary>
    public IList<SdpMedia> Media { get; } = [];

    /// <summary>Parses a description. Never throws.</summary>
    /// <param name="text">The SDP; lines end with CR LF or LF. The result keeps it alive.</param>
    /// <param name="session">The description, or <see langword="null"/>.</param>
    /// <param name="error">What is wrong and where, or <see langword="null"/>.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out SdpSession? session, [NotNullWhen(false)] out SdpParseError? error) =>
        new SdpParser(text ?? "").TryParse(out session, out error);

    /// <summary>The first BUNDLE group (RFC 8843), or <see langword="null"/>.</summary>
    public SdpGroup? GetBundleGroup() => Attributes.GetAll<SdpGroup>().FirstOrDefault(g => g.Semantics == SdpGroup.Bundle);

    /// <summary>The m-line of a mid, or <see langword="null"/>.</summary>
    public SdpMedia? FindMedia(string mid) => Media.FirstOrDefault(m => m.Mid == mid);

    /// <summary>The direction of an m-line: its own, else the session's, else both ways (RFC 8866 6.7).</summary>
    public SdpDirection GetDirection(SdpMedia media)
    {
        ArgumentNullException.ThrowIfNull(media);
        return media.Direction ?? FindDirection(Attributes) ?? SdpDirection.SendRecv;
    }

    /// <summary>The DTLS role of an m-line: its own, else the session's, else <see langword="null"/>.</summary>
    public SdpSetupRole? GetSetup(SdpMedia media)
    {
        ArgumentNullException.ThrowIfNull(media);
        return media.Attributes.TryGet<SdpSetup>(out var setup) || Attributes.TryGet(out setup) ? setup.Role : null;
    }

    /// <summary>The value of an attribute of an m-line, or, where it has none, of the session (ICE credentials and options).</summary>
    public string? GetValue(SdpMedia media, string name)
    {
        ArgumentNullException.ThrowIfNull(media);
        return media.Attributes.GetValue(name) ?? Attributes.GetValue(name);
    }

    /// <summary>Whether an attribute is at the m-line or at the session.</summary>
    public bool Has(SdpMedia media, string name)
    {
        ArgumentNullException.ThrowIfNull(media);
        return media.Attributes.Contains(name) || Attributes.Contains(name);
    }

    /// <summary>The fingerprints of an m-line, or, where it has none, of the session (RFC 8122 5).</summary>
    public IReadOnlyList<SdpFingerprint> GetFingerprints(SdpMedia media)
    {
        ArgumentNullException.ThrowIfNull(media);
        List<SdpFingerprint> own = [.. media.Attributes.GetAll<SdpFingerprint>()];
        return own.Count > 0 ? own : [.. Attributes.GetAll<SdpFingerprint>()];
    }

    /// <summary>The SDP, each line ended by CR LF. Cannot inject lines: every text was checked when it was set.</summary>
    public override string ToString() => SdpWriter.Write(this);

    internal static SdpDirection? FindDirection(SdpAttributeList attributes)
    {
        foreach (var attribute in attributes)
        {
            if (SdpDirections.TryParse(attribute.Name, out var direction))
            {
                return direction;
            }
        }

        return null;
    }
}
