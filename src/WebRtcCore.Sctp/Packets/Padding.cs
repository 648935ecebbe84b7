namespace WebRtcCore.Sctp.Packets;

/// <summary>Chunks, parameters and causes are padded to four bytes.</summary>
internal static class Padding
{
    /// <summary>The next multiple of four.</summary>
    public static int RoundUp(int length) => (length + 3) & ~3;

    /// <summary>The previous multiple of four.</summary>
    public static int RoundDown(int length) => length & ~3;
}
