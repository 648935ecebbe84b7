namespace WebRtcCore.LoadTest;

/// <summary>What an <see cref="RtpFlow"/> measured.</summary>
/// <param name="Sent">Packets sent.</param>
/// <param name="Received">Packets of those that arrived.</param>
/// <param name="Elapsed">Wall time.</param>
/// <param name="Cpu">Processor time of both ends.</param>
/// <param name="AllocatedBytes">Bytes allocated by both ends.</param>
internal readonly record struct RtpFlowResult(long Sent, long Received, TimeSpan Elapsed, TimeSpan Cpu, long AllocatedBytes);
