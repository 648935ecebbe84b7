using System.Runtime.InteropServices;
using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Congestion;

/// <summary>
/// Shares what the transport may send among its streams: audio first, then the others by their weights, none beyond its limit; what a
/// limited stream leaves goes to the rest. A stream that has been silent for a while takes no part, and is told what it would get. The
/// layers of a simulcast share one part (<see cref="SimulcastAllocation"/>).
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
            if (!stream.Options.IsActive)
            {
                stream.SetTarget(0);
                continue;
            }

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
                AddShare(stream, limit, isActive);
            }
        }

        foreach (ref var share in CollectionsMarshal.AsSpan(_shares))
        {
            if (share.IsActive)
            {
                Want(share.LimitBps);
            }
        }

        // Before the first packet nobody knows what will be wanted.
        WantedBps = hasActive ? WantedBps : long.MaxValue;
        Fill(streams, rest);
    }

    private void Want(long bitrateBps) => WantedBps = AddUpTo(WantedBps, bitrateBps);

    private static long AddUpTo(long left, long right) => left > long.MaxValue - right ? long.MaxValue : left + right;

    // Layers of one simulcast are one share, with the limits of all.
    private void AddShare(RtpSendStream stream, long limitBps, bool isActive)
    {
        if (stream.Options.SimulcastLayer is not null)
        {
            foreach (ref var share in CollectionsMarshal.AsSpan(_shares))
            {
                if (share.Stream.Options.SimulcastLayer is not null && share.Stream.Options.Handle == stream.Options.Handle)
                {
                    share.LimitBps = AddUpTo(share.LimitBps, limitBps);
                    share.Weight = Math.Max(share.Weight, stream.Options.BitrateWeight);
                    share.IsActive |= isActive;
                    return;
                }
            }
        }

        _shares.Add(new Share { Stream = stream, LimitBps = limitBps, Weight = stream.Options.BitrateWeight, IsActive = isActive });
    }

    private static void Give(IReadOnlyList<RtpSendStream> streams, in Share share, long wireBps)
    {
        if (share.Stream.Options.SimulcastLayer is null)
        {
            share.Stream.SetTarget(share.Stream.Shape.ToPayloadBps(wireBps));
        }
        else
        {
            SimulcastAllocation.Allocate(streams, share.Stream.Options.Handle, wireBps);
        }
    }

    private void Fill(IReadOnlyList<RtpSendStream> streams, long restBps)
    {
        var shares = CollectionsMarshal.AsSpan(_shares);
        double weights = 0;
        foreach (ref var share in shares)
        {
            weights += share.IsActive ? share.Weight : 0;
        }

        // Those whose limit is below their part first, until nobody is limited by it any more.
        var open = weights;
        var changed = true;
        while (changed && open > 0)
        {
            changed = false;
            foreach (ref var share in shares)
            {
                var weight = share.Weight;
                if (share is { IsActive: true, IsDone: false } && share.LimitBps <= restBps * weight / open)
                {
                    share.IsDone = changed = true;
                    restBps -= share.LimitBps;
                    open -= weight;
                    Give(streams, share, share.LimitBps);
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
                var weight = share.Weight;
                var part = (long)(restBps * (weight / (share.IsActive ? open : open + weight)));
                Give(streams, share, Math.Min(part, share.LimitBps));
            }
        }
    }

    private struct Share
    {
        public RtpSendStream Stream;
        public long LimitBps;
        public double Weight;
        public bool IsActive;
        public bool IsDone;
    }
}
