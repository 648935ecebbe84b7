namespace WebRtcCore.Rtp;

/// <summary>Events until the owner polls them; bounded, so that an owner who does not poll loses the newest.</summary>
internal sealed class RtpEventQueue
{
    private const int Capacity = 1024;
    private readonly Queue<RtpEvent> _events = new();

    public void Add(in RtpEvent e)
    {
        if (_events.Count < Capacity)
        {
            _events.Enqueue(e);
        }
    }

    public bool TryTake(out RtpEvent e) => _events.TryDequeue(out e);
}
