namespace WebRtcCore.Session.Negotiation;

/// <summary>Gathers what applying a description does to transceivers, for the events that follow.</summary>
internal sealed class ChangeCollector
{
    private readonly List<RtpTransceiver> _added = [];
    private readonly List<RtpReceiver> _muted = [];
    private readonly List<RtpTransceiver> _stopped = [];

    /// <summary>The peer begins to send: a <c>track</c> event.</summary>
    internal void AddTrack(RtpTransceiver transceiver)
    {
        _muted.Remove(transceiver.Receiver);
        _added.Add(transceiver);
    }

    /// <summary>The peer sends no more: the track is muted, and leaves its streams.</summary>
    internal void RemoveTrack(RtpTransceiver transceiver, RemoteStreams streams)
    {
        streams.Assign(transceiver.Receiver, []);
        if (!_added.Remove(transceiver) && !_muted.Contains(transceiver.Receiver))
        {
            _muted.Add(transceiver.Receiver);
        }
    }

    /// <summary>Stops a transceiver for good (W3C webrtc 5.4, "stop the RTCRtpTransceiver").</summary>
    internal void Stop(RtpTransceiver transceiver)
    {
        if (transceiver.IsStopped)
        {
            return;
        }

        transceiver.IsStopping = true;
        transceiver.IsStopped = true;
        transceiver.CurrentDirection = RtpTransceiverDirection.Stopped;
        transceiver.FiredDirection = null;
        _added.Remove(transceiver);
        _stopped.Add(transceiver);
    }

    internal DescriptionChanges ToChanges(NegotiatedSession session, bool signalingStateChanged, IceParameters? newLocalIce) => new()
    {
        Session = session,
        SignalingStateChanged = signalingStateChanged,
        NewLocalIce = newLocalIce,
        AddedTracks = [.. _added.OrderBy(t => t.MLineIndex).Select(t => new TrackEventArgs(t, [.. t.Receiver.Streams]))],
        MutedReceivers = [.. _muted],
        StoppedTransceivers = [.. _stopped],
    };
}
