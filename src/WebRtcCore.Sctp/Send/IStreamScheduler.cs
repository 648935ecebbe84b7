namespace WebRtcCore.Sctp.Send;

/// <summary>Chooses among the streams that have something to send (RFC 8260, 3). A stream that is chosen leaves and is added again if it has more.</summary>
internal interface IStreamScheduler
{
    /// <summary>Takes a stream that has something to send and is not there yet.</summary>
    void Add(OutgoingStream stream);

    /// <summary>Gives out the stream whose turn it is.</summary>
    bool TryTake(out OutgoingStream stream);

    /// <summary>Notes that a stream that was given out has sent.</summary>
    void OnSent(OutgoingStream stream, int bytes);

    /// <summary>Forgets every stream.</summary>
    void Clear();
}
