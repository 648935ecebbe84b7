namespace WebRtcCore;

/// <summary>W3C <c>RTCTrackEvent</c>.</summary>
/// <param name="transceiver">The transceiver.</param>
/// <param name="streams">The streams.</param>
public sealed class TrackEventArgs(RtpTransceiver transceiver, IReadOnlyList<MediaStream> streams) : EventArgs
{
    /// <summary>The receiver.</summary>
    public RtpReceiver Receiver => Transceiver.Receiver;

    /// <summary>The receiver's track.</summary>
    public MediaStreamTrack Track => Transceiver.Receiver.Track;

    /// <summary>The streams that the peer put the track into.</summary>
    public IReadOnlyList<MediaStream> Streams { get; } = streams;

    /// <summary>The transceiver.</summary>
    public RtpTransceiver Transceiver { get; } = transceiver;
}
