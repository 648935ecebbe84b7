using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace WebRtcCore.Linux;

/// <summary>Waits until one of many descriptors can be read (epoll), or until it is woken. One thread waits; every other member may be used from any thread.</summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe partial class Epoll : IDisposable
{
    private const int MaxEvents = 256;
    private const int Readable = 1;
    private const int AddOperation = 1;
    private const int CloseOnExec = 0x80000;
    private const long WakeKey = 0;

    // epoll_event: a number of 32 bits and one of 64, which the kernel packs on x86 only.
    private static readonly int KeyOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int EventLength = KeyOffset + sizeof(long);
    private readonly byte[] _events = GC.AllocateArray<byte>(MaxEvents * EventLength, pinned: true);
    private readonly int _descriptor;
    private readonly int _wake;

    private Epoll(int descriptor, int wake)
    {
        _descriptor = descriptor;
        _wake = wake;
    }

    /// <summary>Creates one; <see langword="null"/> where the kernel or a sandbox does not let it.</summary>
    public static Epoll? TryCreate()
    {
        var descriptor = Create(CloseOnExec);
        if (descriptor < 0)
        {
            return null;
        }

        var wake = EventFd(0, CloseOnExec);
        if (wake >= 0 && TryWatch(descriptor, wake, WakeKey))
        {
            return new Epoll(descriptor, wake);
        }

        _ = Close(descriptor);
        _ = wake < 0 ? 0 : Close(wake);
        return null;
    }

    /// <summary>Watches a descriptor until it is closed.</summary>
    /// <param name="descriptor">The descriptor.</param>
    /// <param name="key">What tells it apart; positive, and never used again.</param>
    /// <returns><see langword="false"/> if the kernel has no room for another one.</returns>
    public bool TryAdd(nint descriptor, long key) => TryWatch(_descriptor, (int)descriptor, key);

    /// <summary>Waits.</summary>
    /// <param name="keys">Receives the keys of what can be read.</param>
    /// <returns>How many; 0 if it was woken.</returns>
    public int Wait(Span<long> keys)
    {
        var events = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_events, 0);
        var count = Wait(_descriptor, events, Math.Min(keys.Length, MaxEvents), -1);
        var found = 0;
        for (var i = 0; i < count; i++)
        {
            var key = *(long*)(events + (i * EventLength) + KeyOffset);
            if (key != WakeKey)
            {
                keys[found++] = key;
            }
        }

        return found;
    }

    /// <summary>Ends the present wait and every later one.</summary>
    public void Wake()
    {
        var one = 1L;
        _ = Write(_wake, &one, sizeof(long));
    }

    /// <summary>Closes it; nobody may wait any more.</summary>
    public void Dispose()
    {
        _ = Close(_descriptor);
        _ = Close(_wake);
    }

    private static bool TryWatch(int epoll, int descriptor, long key)
    {
        var description = stackalloc byte[EventLength];
        *(int*)description = Readable;
        *(long*)(description + KeyOffset) = key;
        return Control(epoll, AddOperation, descriptor, description) == 0;
    }

    [LibraryImport("libc", EntryPoint = "epoll_create1")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Create(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(int epoll, int operation, int descriptor, byte* description);

    [LibraryImport("libc", EntryPoint = "epoll_wait")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Wait(int epoll, byte* events, int most, int timeout);

    [LibraryImport("libc", EntryPoint = "eventfd")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int EventFd(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "write")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Write(int descriptor, void* data, nint length);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}
