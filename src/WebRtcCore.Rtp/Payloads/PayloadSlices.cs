namespace WebRtcCore.Rtp.Payloads;

/// <summary>Cuts a length into slices that are all equal but the last: a small rest would cost a packet, and equal packets leave the machine in one call.</summary>
internal static class PayloadSlices
{
    /// <summary>The length of the slices.</summary>
    public static int GetLength(int total, int maxLength)
    {
        var count = (total + maxLength - 1) / maxLength;
        return (total + count - 1) / count;
    }

    /// <summary>Refuses a limit that leaves no room beside the headers.</summary>
    public static void ThrowIfTooSmall(int maxPayloadSize) =>
        ArgumentOutOfRangeException.ThrowIfLessThan(maxPayloadSize, RtpPayloadFormats.MinPayloadSize);
}
