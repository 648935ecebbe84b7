namespace WebRtcCore.Sctp.Dcep;

/// <summary>A local handle of a channel, never used twice in a session. The stream id, which is on the wire, is assigned later and may be used again.</summary>
/// <param name="Value">0, 1, 2, ...</param>
public readonly record struct DataChannelId(int Value);
