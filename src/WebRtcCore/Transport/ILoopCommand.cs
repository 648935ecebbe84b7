using WebRtcCore.Primitives;

namespace WebRtcCore.Transport;

/// <summary>Something for a <see cref="ConnectionLoop"/> to do. Callers on hot paths keep one object and post it again once it has run.</summary>
internal interface ILoopCommand
{
    /// <summary>Does it, on the loop.</summary>
    void Execute(Instant now);

    /// <summary>Says that the loop has stopped before it came to this.</summary>
    void Abandon()
    {
    }
}
