namespace WebRtcCore.Rtp.Send;

/// <summary>The number and time that a forwarded packet gets.</summary>
internal readonly record struct ForwardedPlace(ushort SequenceNumber, uint TimestampTicks);
