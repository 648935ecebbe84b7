namespace WebRtcCore.LoadTest.Relay;

/// <summary>What a server has relayed.</summary>
internal sealed record RelayResult(long Packets, long Lost, TimeSpan Elapsed, TimeSpan Cpu)
{
    public double PacketsPerSecond => Packets / Elapsed.TotalSeconds;

    public double CpuSecondsPerMillion => Cpu.TotalSeconds / Packets * 1e6;

    public double Cores => Cpu / Elapsed;
}
