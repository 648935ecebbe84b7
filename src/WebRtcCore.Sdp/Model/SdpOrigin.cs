using System.Globalization;

namespace WebRtcCore.Sdp;

/// <summary>The <c>o=</c> line (RFC 8866 5.2): who made the description, and which version of it this is.</summary>
public sealed record SdpOrigin
{
    /// <summary>The user name; <c>-</c> for none.</summary>
    public string Username { get; init => field = SdpText.RequireField(value, nameof(value)); } = "-";

    /// <summary>The session's number; RFC 8829 5.2.1 asks for 63 random bits.</summary>
    public ulong SessionId { get; init; }

    /// <summary>Grows by one with every description that differs from the one before.</summary>
    public ulong SessionVersion { get; init; }

    /// <summary>The network and address type and the address; WebRTC gives a meaningless one.</summary>
    public string Address { get; init => field = SdpText.RequireLine(value, nameof(value)); } = "IN IP4 127.0.0.1";

    /// <summary>Parses what follows <c>o=</c>.</summary>
    public static bool TryParse(ReadOnlySpan<char> value, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out SdpOrigin? origin)
    {
        origin = null;
        var reader = new SdpFieldReader(value);
        if (!SdpText.IsLineSafe(value) || !reader.TryRead(out var username) || !SdpText.IsVisible(username) ||
            !TryReadNumber(ref reader, out var id) || !TryReadNumber(ref reader, out var version) || reader.IsAtEnd)
        {
            return false;
        }

        origin = new SdpOrigin { Username = username.ToString(), SessionId = id, SessionVersion = version, Address = reader.Rest.ToString() };
        return true;
    }

    /// <summary>What follows <c>o=</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Username} {SessionId} {SessionVersion} {Address}");

    private static bool TryReadNumber(ref SdpFieldReader reader, out ulong value)
    {
        value = 0;
        return reader.TryRead(out var field) && ulong.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }
}
