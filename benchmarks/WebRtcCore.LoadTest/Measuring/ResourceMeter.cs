using System.Diagnostics;

namespace WebRtcCore.LoadTest.Measuring;

/// <summary>What the process has used since the meter was started.</summary>
internal readonly struct ResourceMeter
{
    private readonly long _start;
    private readonly TimeSpan _cpu;
    private readonly long _allocated;

    private ResourceMeter(long start, TimeSpan cpu, long allocated)
    {
        _start = start;
        _cpu = cpu;
        _allocated = allocated;
    }

    /// <summary>Wall time.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_start);

    /// <summary>Processor time of all threads, user and kernel.</summary>
    public TimeSpan Cpu => Environment.CpuUsage.TotalTime - _cpu;

    /// <summary>Bytes allocated on the managed heap by all threads.</summary>
    public long AllocatedBytes => GC.GetTotalAllocatedBytes(precise: true) - _allocated;

    public static ResourceMeter Start()
    {
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        return new ResourceMeter(Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime, allocated);
    }
}
