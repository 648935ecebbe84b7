namespace WebRtcCore.Rtp.Congestion;

/// <summary>
/// Shares one part of the bandwidth among the layers of a simulcast: the smallest first up to its limit, then the next, as long as what is left is worth it. A larger
/// layer that cannot be had whole is off, because half of it looks worse than the smaller one.
/// </summary>
internal static class SimulcastAllocation
{
    // A layer that is off comes on with a margin only, or it would go on and off at its limit.
    private const double MarginToComeOn = 1.2;

    /// <summary>Sets <see cref="RtpSendStream.TargetBitrateBps"/> of the layers with one handle.</summary>
    /// <param name="streams">All streams.</param>
    /// <param name="handle">The handle.</param>
    /// <param name="wireBps">Their part on the wire.</param>
    public static void Allocate(IReadOnlyList<RtpSendStream> streams, int handle, long wireBps)
    {
        var rest = wireBps;
        var isFull = false;
        var smallest = FindNext(streams, handle, -1);
        for (var layer = smallest; layer is not null; layer = FindNext(streams, handle, layer.Options.SimulcastLayer!.Value))
        {
            var shape = layer.Shape;
            var isOn = layer.TargetBitrateBps > 0;
            var least = shape.ToWireBps(layer.Options.MinBitrateBps) * (isOn ? 1 : MarginToComeOn);
            isFull |= layer != smallest && rest < least;
            var given = isFull ? 0 : Math.Min(rest, layer.Options.MaxBitrateBps is { } max ? shape.ToWireBps(max) : long.MaxValue);
            layer.SetTarget(shape.ToPayloadBps(given));
            rest -= given;
        }
    }

    // A handful of layers: no need for a list in order.
    private static RtpSendStream? FindNext(IReadOnlyList<RtpSendStream> streams, int handle, int layer)
    {
        RtpSendStream? next = null;
        for (var i = 0; i < streams.Count; i++)
        {
            var options = streams[i].Options;
            if (options is { IsActive: true, SimulcastLayer: { } own } && options.Handle == handle && own > layer
                && (next is null || own < next.Options.SimulcastLayer))
            {
                next = streams[i];
            }
        }

        return next;
    }
}
