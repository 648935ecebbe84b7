namespace WebRtcCore.Sctp.Dcep;

/// <summary>What became of a message handed to <c>DataChannelSession.Send</c>.</summary>
public enum DataChannelSendResult
{
    /// <summary>It is queued and will be sent.</summary>
    Queued,

    /// <summary>The channel is not open.</summary>
    NotOpen,

    /// <summary>It is larger than what the peer takes (<see cref="DataChannelSession.MaxSendMessageSize"/>).</summary>
    MessageTooLarge,

    /// <summary>The channel's buffer is full (<see cref="DataChannelSessionOptions.SendBufferLimit"/>).</summary>
    BufferFull,
}
