using WebRtcCore.Primitives;
using WebRtcCore.Session;
using WebRtcCore.Testing;

namespace WebRtcCore.Fuzz.Sessions;

/// <summary>A session as the driver runs it: advanced after whatever happened, then polled.</summary>
internal sealed class SessionNode(RtcSession session) : IVirtualNode
{
    private Instant _now = VirtualClock.Start;

    public Instant? NextTimeout => session.NextTimeout;

    public void HandleDatagram(Span<byte> datagram, in NetworkPath path, Instant now) => session.HandleDatagram(datagram, path, now);

    public void HandleTimeout(Instant now) => session.HandleTimeout(now);

    public bool TryPollTransmit(Span<byte> destination, out Transmit transmit) => session.TryPollTransmit(destination, _now, out transmit);

    public void DrainEvents(Instant now)
    {
        _now = now;
        session.Advance(now);
    }
}
