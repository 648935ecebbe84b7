namespace WebRtcCore;

/// <summary>Handles one received message without a copy.</summary>
/// <param name="channel">The channel.</param>
/// <param name="data">The bytes, <em>lent</em>: valid until the handler returns.</param>
/// <param name="isText">Whether the peer sent a string; the bytes are then UTF-8.</param>
/// <remarks>Called on the connection's loop: it must return soon and must not block. It may send. An exception is logged and does no other harm.</remarks>
public delegate void DataChannelMessageHandler(DataChannel channel, ReadOnlySpan<byte> data, bool isText);
