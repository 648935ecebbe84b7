using System.Diagnostics;

namespace WebRtcCore.LoadTest.Measuring;

/// <summary>What this process holds, after garbage is collected.</summary>
/// <param name="ResidentBytes">Resident memory.</param>
/// <param name="HeapBytes">Managed objects.</param>
/// <param name="Threads">Threads.</param>
internal readonly record struct ProcessMemory(long ResidentBytes, long HeapBytes, int Threads)
{
    public static ProcessMemory Now()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        using var process = Process.GetCurrentProcess();
        return new ProcessMemory(process.WorkingSet64, GC.GetTotalMemory(forceFullCollection: false), process.Threads.Count);
    }
}
