using WebRtcCore.Primitives;

namespace WebRtcCore.Transport;

/// <summary>An <see cref="ILoopCommand"/> made of a delegate.</summary>
internal sealed class PostedAction(Action<Instant> action) : ILoopCommand
{
    /// <inheritdoc/>
    public void Execute(Instant now) => action(now);
}
