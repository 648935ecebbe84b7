using WebRtcCore.Primitives;

namespace WebRtcCore.Transport;

/// <summary>What a <see cref="ConnectionLoop"/> drives: the cores of one connection. Every member is called by the loop only, one call at a time.</summary>
internal interface IConnectionLoopHandler
{
    /// <summary>When <see cref="OnTimeout"/> wants to be called; <see langword="null"/> if nothing is pending.</summary>
    Instant? NextTimeout { get; }

    /// <summary>Takes a datagram; the bytes are borrowed and may be changed in place.</summary>
    void OnDatagram(Span<byte> datagram, in NetworkPath path, Instant now);

    /// <summary>Says that <see cref="NextTimeout"/> has been reached.</summary>
    void OnTimeout(Instant now);

    /// <summary>Polls the cores: sends what they have to send and raises what happened. Called at the end of every turn.</summary>
    void Flush(Instant now);
}
