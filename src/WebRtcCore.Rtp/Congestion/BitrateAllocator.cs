using System.Runtime.InteropServices;
using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Congestion;

/// <summary>
/// Shares what the transport may send among its streams: audio first, then the others by their weights, none beyond its limit; what a
/// limited stream leaves goes to the rest. A stream that has been silent for a while takes no part, and is told what it would get.
/// </summary>
internal sealed class BitrateAllocator
{
    // What audio gets where it sets no limit: more than any speech codec uses.
    private const long DefaultAudioBps = 128_000;
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(3);

    private readonly List<Share> _shares = [];

    /// <summary>The most that the streams which are active have a use for on the wire; <see cref="long.MaxValue"/> if one sets no limit, or none is active.</summary>
    public long WantedBps { get; private set; }

    /// <summary>Sets <see cref="RtpSendStream.TargetBitrateBps"/> of all streams.</summary>
    /// <param name="streams">The streams.</param>
    /// <param name="targetBps">What may be sent altogether, retransmissions already taken off.</param>
    /// <param name="now">The time.</param>
    public void Allocate(IReadOnlyList<RtpSendStream> streams, long targetBps, Instant now)
    {
        _shares.Clear();
        WantedBps = 0;
        var hasActive = false;
        var rest = targetBps;
        for (var i = 0; i < streams.Count; i++)
        {
            var stream = streams[i];
            var isActive = stream.LastSent is { } sent && now - sent < Silence;
            hasActive |= isActive;
            if (stream.Options.IsAudio)
            {
                var wanted = Math.Min(stream.Options.MaxBitrateBps ?? DefaultAudioBps, stream.Shape.ToPayloadBps(targetBps));
                stream.SetTarget(wanted);
                if (isActive)
                {
                    // What it really takes counts: a codec that needs less leaves the rest to others.
                    var taken = stream.Shape.GetWireBps(now);
                    rest = Math.Max(0, rest - taken);
                    Want(taken);
                }
            }
            else
            {
                var limit = stream.Options.MaxBitrateBps is { } max ? stream.Shape.ToWireBps(max) : long.MaxValue;
                _shares.Add(new Share { Stream = stream, LimitBps = limit, IsActive = isActive });
                if (isActive)
                {
                    Want(limit);
                }
            }
        }

        // Before the first packet nobody knows what will be wanted.
        WantedBps = hasActive ? WantedBps : long.MaxValue;
        Fill(rest);
    }

    private void Want(long bitrateBps) => WantedBps = WantedBps > long.MaxValue - bitrateBps ? long.MaxValue : WantedBps + bitrateBps;

    private void Fill(long restBps)
    {
        var shares = CollectionsMarshal.AsSpan(_shares);
        double weights = 0;
        foreach (ref var share in shares)
        {
            weights += share.IsActive ? share.Stream.Options.BitrateWeight : 0;
        }

        // Those whose limit is below their part first, until nobody is limited by it any more.
        var open = weights;
        var changed = true;
        while (changed && open > 0)
        {
            changed = false;
            foreach (ref var share in shares)
            {
                var weight = share.Stream.Options.BitrateWeight;
                if (share is { IsActive: true, IsDone: false } && share.LimitBps <= restBps * weight / open)
                {
                    share.IsDone = changed = true;
                    restBps -= share.LimitBps;
                    open -= weight;
                    share.Stream.SetTarget(share.Stream.Shape.ToPayloadBps(share.LimitBps));
                    if (open <= 0)
                    {
                        break;
                    }
                }
            }
        }

        foreach (ref var share in shares)
        {
            if (!share.IsDone)
            {
                var weight = share.Stream.Options.BitrateWeight;
                var part = (long)(restBps * (weight / (share.IsActive ? open : open + weight)));
                share.Stream.SetTarget(share.Stream.Shape.ToPayloadBps(Math.Min(part, share.LimitBps)));
            }
        }
    }

    private struct Share
    {
        public RtpSendStream Stream;
        public long LimitBps;
        public bool IsActive;
        public bool IsDone;
    }
}
