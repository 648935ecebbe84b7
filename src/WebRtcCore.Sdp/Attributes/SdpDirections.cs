namespace WebRtcCore.Sdp;

/// <summary>The words for directions, and what becomes of a direction seen from the other side.</summary>
public static class SdpDirections
{
    /// <summary>The attribute's name.</summary>
    /// <exception cref="ArgumentOutOfRangeException">This is no direction.</exception>
    public static string ToName(this SdpDirection direction) => direction switch
    {
        SdpDirection.SendRecv => SdpAttributeNames.SendRecv,
        SdpDirection.SendOnly => SdpAttributeNames.SendOnly,
        SdpDirection.RecvOnly => SdpAttributeNames.RecvOnly,
        SdpDirection.Inactive => SdpAttributeNames.Inactive,
        _ => throw new ArgumentOutOfRangeException(nameof(direction)),
    };

    /// <summary>The direction of that name.</summary>
    public static bool TryParse(ReadOnlySpan<char> name, out SdpDirection direction)
    {
        (var known, direction) = name switch
        {
            SdpAttributeNames.SendRecv => (true, SdpDirection.SendRecv),
            SdpAttributeNames.SendOnly => (true, SdpDirection.SendOnly),
            SdpAttributeNames.RecvOnly => (true, SdpDirection.RecvOnly),
            SdpAttributeNames.Inactive => (true, SdpDirection.Inactive),
            _ => (false, SdpDirection.SendRecv),
        };
        return known;
    }

    /// <summary>Whether the description's sender sends.</summary>
    public static bool IsSending(this SdpDirection direction) => direction is SdpDirection.SendRecv or SdpDirection.SendOnly;

    /// <summary>Whether the description's sender receives.</summary>
    public static bool IsReceiving(this SdpDirection direction) => direction is SdpDirection.SendRecv or SdpDirection.RecvOnly;

    /// <summary>The same direction as the other side would say it.</summary>
    public static SdpDirection Reverse(this SdpDirection direction) => direction switch
    {
        SdpDirection.SendOnly => SdpDirection.RecvOnly,
        SdpDirection.RecvOnly => SdpDirection.SendOnly,
        _ => direction,
    };

    /// <summary>The direction that sends and receives as told.</summary>
    public static SdpDirection From(bool sends, bool receives) => (sends, receives) switch
    {
        (true, true) => SdpDirection.SendRecv,
        (true, false) => SdpDirection.SendOnly,
        (false, true) => SdpDirection.RecvOnly,
        (false, false) => SdpDirection.Inactive,
    };
}
