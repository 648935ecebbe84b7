using WebRtcCore.Rtp;

namespace WebRtcCore.Session;

/// <summary>What an encoding's parameters mean for its stream: activity, limits, and the place among the layers of a simulcast.</summary>
internal static class EncodingStreams
{
    // What a picture of 1280 x 720 is worth, and how that falls with its size: a quarter of the pixels takes 28 % of the bits. The least is a quarter of the most.
    private const double FullSizeBps = 2_500_000;
    private const double ScaleExponent = -1.84;
    private const double LeastShare = 0.25;

    /// <summary>Takes the parameters of an encoding over into its stream.</summary>
    /// <param name="options">The stream.</param>
    /// <param name="encoding">The encoding.</param>
    /// <param name="all">All encodings of the sender.</param>
    public static RtpSendStreamOptions WithEncoding(RtpSendStreamOptions options, RtpEncodingParameters encoding, IReadOnlyList<RtpEncodingParameters> all)
    {
        var changed = options with
        {
            IsActive = encoding.Active,
            MaxBitrateBps = encoding.MaxBitrateBps,
            SimulcastLayer = null,
            MinBitrateBps = 0,

            // W3C webrtc-priority: each step weighs twice the one below.
            BitrateWeight = Math.Pow(2, (int)encoding.Priority - (int)Priority.Low),
        };
        if (all.Count < 2)
        {
            return changed;
        }

        // The smallest pictures first; equal ones in the order of the encodings.
        var bySize = all.OrderByDescending(GetScale).ToList();
        var layer = bySize.FindIndex(other => other.Rid == encoding.Rid);
        var most = encoding.MaxBitrateBps ?? (long)(FullSizeBps * Math.Pow(GetScale(encoding), ScaleExponent));
        return changed with
        {
            SimulcastLayer = layer,
            MinBitrateBps = (long)(most * LeastShare),
            MaxBitrateBps = layer == all.Count - 1 ? encoding.MaxBitrateBps : most,
        };
    }

    private static double GetScale(RtpEncodingParameters encoding) => encoding.ScaleResolutionDownBy ?? 1;
}
