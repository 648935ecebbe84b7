namespace WebRtcCore.Rtp.Send;

/// <summary>The number and time that a forwarded packet gets.</summary>
/// <param name="SequenceNumber">The number.</param>
/// <param name="TimestampTicks">The time.</param>
/// <param name="IsNewSource">Whether it is the first packet of another source than before.</param>
internal readonly record struct ForwardedPlace(ushort SequenceNumber, uint TimestampTicks, bool IsNewSource);
