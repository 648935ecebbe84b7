namespace WebRtcCore.Sctp.Dcep;

/// <summary>What happened in a <see cref="DataChannelSession"/>.</summary>
public enum DataChannelEventKind
{
    /// <summary>The association's state changed: <see cref="DataChannelEvent.State"/>, and <see cref="DataChannelEvent.Error"/> if it failed.</summary>
    StateChanged,

    /// <summary>A channel opened here may be used.</summary>
    ChannelOpened,

    /// <summary>The peer has opened a channel, which may be used: <see cref="DataChannelEvent.Parameters"/>.</summary>
    ChannelIncoming,

    /// <summary>A message: <see cref="DataChannelEvent.MessageKind"/> and <see cref="DataChannelEvent.Message"/>, which is given.</summary>
    MessageReceived,

    /// <summary>The send buffer has fallen to the threshold.</summary>
    BufferedAmountLow,

    /// <summary>The channel is being closed by the peer; nothing more can be sent.</summary>
    ChannelClosing,

    /// <summary>The channel is closed: <see cref="DataChannelEvent.Error"/> says why if it was not closed in order. Its handle is dead.</summary>
    ChannelClosed,
}
