namespace WebRtcCore.Rtp.Send;

/// <summary>The send streams of a session, in order and by SSRC.</summary>
internal sealed class SendStreamTable
{
    private readonly Dictionary<uint, RtpSendStream> _bySsrc = [];

    public List<RtpSendStream> All { get; } = [];

    /// <summary>The stream with the given SSRC, not counting retransmission streams.</summary>
    public RtpSendStream? Find(Ssrc ssrc) => _bySsrc.TryGetValue(ssrc.Value, out var stream) ? stream : null;

    /// <summary>Whether the SSRC is taken, by a stream or its retransmissions.</summary>
    public bool IsTaken(Ssrc ssrc) => All.Exists(s => s.Ssrc == ssrc || s.Options.RetransmissionSsrc == ssrc);

    public void Add(RtpSendStream stream)
    {
        _bySsrc.Add(stream.Ssrc.Value, stream);
        All.Add(stream);
    }

    public bool Remove(RtpSendStream stream) => All.Remove(stream) && _bySsrc.Remove(stream.Ssrc.Value);
}
