using WebRtcCore.Sdp;

namespace WebRtcCore.Session.Negotiation;

/// <summary>What a description does to transceivers: the W3C steps of "set a session description" for local and remote ones (webrtc 4.4.1.5).</summary>
internal sealed class TransceiverUpdater(TransceiverRegistry registry, RemoteStreams streams)
{
    private readonly HashSet<RtpTransceiver> _createdByRemote = [];
    private Dictionary<RtpTransceiver, TransceiverSnapshot>? _stable;

    /// <summary>Remembers the stable state, if this leaves it.</summary>
    internal void BeginNegotiation() => _stable ??= registry.All.ToDictionary(t => t, t => new TransceiverSnapshot(t));

    /// <summary>Applies an own description.</summary>
    /// <param name="sdp">The description.</param>
    /// <param name="type">What it is.</param>
    /// <param name="plan">The transceiver of each m-line.</param>
    /// <param name="changes">Gathers what happens.</param>
    internal void ApplyLocal(SdpSession sdp, SdpType type, IReadOnlyList<RtpTransceiver?> plan, ChangeCollector changes)
    {
        for (var i = 0; i < sdp.Media.Count; i++)
        {
            if (plan[i] is not { IsStopped: false } transceiver)
            {
                continue;
            }

            var media = sdp.Media[i];
            transceiver.Mid ??= media.Mid;
            transceiver.MLineIndex = i;
            if (type != SdpType.Offer)
            {
                ApplyDirection(transceiver, sdp.GetDirection(media), changes, isRemote: false);
                StopIfRejected(transceiver, media, changes);
            }
        }
    }

    /// <summary>Applies a description of the peer. Every m-line has a mid.</summary>
    internal void ApplyRemote(SdpSession sdp, SdpType type, ChangeCollector changes)
    {
        for (var i = 0; i < sdp.Media.Count; i++)
        {
            var media = sdp.Media[i];
            if (!MediaLines.IsSupportedRtp(media) || FindOrCreate(sdp, media, type) is not { IsStopped: false } transceiver)
            {
                continue;
            }

            transceiver.Mid = media.Mid;
            transceiver.MLineIndex = i;
            if (media.IsRejected)
            {
                streams.Assign(transceiver.Receiver, []);
                changes.Stop(transceiver);
                continue;
            }

            var direction = sdp.GetDirection(media).Reverse();
            if (direction.IsReceiving())
            {
                streams.Assign(transceiver.Receiver, streams.Read(media));
            }

            ApplyDirection(transceiver, direction, changes, isRemote: true);
            if (type != SdpType.Offer)
            {
                transceiver.CurrentDirection = Directions.FromSdp(direction);
                transceiver.HasSent |= direction.IsSending();
                SimulcastNegotiation.ApplyAnswer(transceiver.Sender, media);
            }
        }
    }

    /// <summary>An answer has ended the negotiation: transceivers that are stopped leave the list.</summary>
    internal void Complete(ChangeCollector changes)
    {
        _stable = null;
        _createdByRemote.Clear();
        foreach (var transceiver in registry.All.Where(t => t.IsStopped || (t.IsStopping && t.Mid is null)).ToArray())
        {
            changes.Stop(transceiver);
            transceiver.Mid = null;
            registry.Remove(transceiver);
        }
    }

    /// <summary>Back to the last stable state.</summary>
    internal void Rollback(ChangeCollector changes)
    {
        foreach (var transceiver in registry.All.ToArray())
        {
            var snapshot = _stable?.GetValueOrDefault(transceiver);
            if (Directions.IsReceiving(transceiver.FiredDirection) && snapshot is not { WasReceiving: true })
            {
                changes.RemoveTrack(transceiver, streams);
            }

            if (snapshot is not null)
            {
                RestoreUnlessStopped(transceiver, snapshot);
            }
            else if (_createdByRemote.Contains(transceiver) && !transceiver.CreatedByAddTrack)
            {
                changes.Stop(transceiver);
                transceiver.Mid = null;
                registry.Remove(transceiver);
            }
            else
            {
                transceiver.Mid = null;
                transceiver.MLineIndex = null;
                transceiver.FiredDirection = null;
                transceiver.CurrentDirection = null;
            }
        }

        _stable = null;
        _createdByRemote.Clear();
    }

    private void RestoreUnlessStopped(RtpTransceiver transceiver, TransceiverSnapshot snapshot)
    {
        if (!transceiver.IsStopped)
        {
            snapshot.Restore();
            streams.Assign(transceiver.Receiver, snapshot.Streams);
        }
    }

    private void ApplyDirection(RtpTransceiver transceiver, SdpDirection direction, ChangeCollector changes, bool isRemote)
    {
        var wasReceiving = Directions.IsReceiving(transceiver.FiredDirection);
        if (wasReceiving && !direction.IsReceiving())
        {
            changes.RemoveTrack(transceiver, streams);
        }
        else if (isRemote && !wasReceiving && direction.IsReceiving())
        {
            changes.AddTrack(transceiver);
        }

        transceiver.FiredDirection = Directions.FromSdp(direction);
        if (!isRemote)
        {
            transceiver.CurrentDirection = transceiver.FiredDirection;
            transceiver.HasSent |= direction.IsSending();
        }
    }

    private static void StopIfRejected(RtpTransceiver transceiver, SdpMedia media, ChangeCollector changes)
    {
        if (media.IsRejected)
        {
            changes.Stop(transceiver);
        }
    }

    // RFC 8829 5.10: the transceiver of the mid; else, for an m-line that wants to receive, one made by AddTrack that has no m-line yet; else a new one.
    private RtpTransceiver? FindOrCreate(SdpSession sdp, SdpMedia media, SdpType type)
    {
        if (registry.FindByMid(media.Mid!) is { } known)
        {
            return known;
        }

        if (type != SdpType.Offer || media.IsRejected)
        {
            return null;
        }

        var kind = MediaLines.GetKind(media);
        var transceiver = sdp.GetDirection(media).IsReceiving()
            ? registry.All.FirstOrDefault(t => t.Kind == kind && t.CreatedByAddTrack && t.Mid is null && !t.IsStopping && !t.IsStopped)
            : null;
        if (transceiver is null)
        {
            transceiver = registry.CreateForRemote(kind);
            _createdByRemote.Add(transceiver);
            SimulcastNegotiation.ApplyOffer(transceiver.Sender, media);
        }

        return transceiver;
    }
}
