namespace WebRtcCore.Sctp.Send;

/// <summary>Streams take turns (RFC 8260, 3.2 and 3.3).</summary>
internal sealed class RoundRobinScheduler : IStreamScheduler
{
    private readonly Queue<OutgoingStream> _round = new();

    /// <inheritdoc/>
    public void Add(OutgoingStream stream) => _round.Enqueue(stream);

    /// <inheritdoc/>
    public bool TryTake(out OutgoingStream stream) => _round.TryDequeue(out stream!);

    /// <inheritdoc/>
    public void OnSent(OutgoingStream stream, int bytes)
    {
    }

    /// <inheritdoc/>
    public void Clear() => _round.Clear();
}
