namespace WebRtcCore.LoadTest;

/// <summary>What a <see cref="MessageFlow"/> measured.</summary>
/// <param name="Messages">Messages received.</param>
/// <param name="Bytes">Bytes in them.</param>
/// <param name="Elapsed">Wall time.</param>
/// <param name="Cpu">Processor time of both ends.</param>
/// <param name="AllocatedBytes">Bytes allocated by both ends.</param>
internal readonly record struct FlowResult(long Messages, long Bytes, TimeSpan Elapsed, TimeSpan Cpu, long AllocatedBytes)
{
    public double MessagesPerSecond => Messages / Elapsed.TotalSeconds;

    public double MegabytesPerSecond => Bytes / 1e6 / Elapsed.TotalSeconds;

    public double CpuSecondsPerGigabyte => Cpu.TotalSeconds / (Bytes / 1e9);

    public double AllocatedBytesPerMegabyte => AllocatedBytes / (Bytes / 1e6);
}
