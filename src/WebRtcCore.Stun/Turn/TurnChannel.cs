using System.Globalization;

namespace WebRtcCore.Stun;

/// <summary>The number of a channel: between client and server it stands for one peer (RFC 8656, 12).</summary>
/// <param name="Value">0x4000 to 0x4FFF; other values are reserved.</param>
public readonly record struct TurnChannel(ushort Value)
{
    /// <summary>The smallest number.</summary>
    public const ushort First = 0x4000;

    /// <summary>The largest number. RFC 5766 went up to 0x7FFF; RFC 8656 took the rest back for other protocols on the port.</summary>
    public const ushort Last = 0x4FFF;

    /// <summary>The largest number of clients that follow RFC 5766.</summary>
    public const ushort LastOfOlderClients = 0x7FFF;

    /// <summary>Whether a client may bind this number.</summary>
    public bool IsValid => Value is >= First and <= Last;

    // Deviation: RFC 8656 12 has a server refuse what RFC 5766 allowed; clients that still use it are served, since nothing else shares a server's port.

    /// <summary>Whether a server takes this number.</summary>
    public bool IsServed => Value is >= First and <= LastOfOlderClients;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"0x{Value:X4}");
}
