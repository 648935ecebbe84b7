using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace WebRtcCore.Linux;

/// <summary>Several messages per system call on 64-bit Linux: recvmmsg and sendmmsg, and epoll to learn which sockets have something.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe partial class LinuxMessages
{
    /// <summary>The receive queue is empty, or the send buffer full (EAGAIN).</summary>
    public const int WouldBlock = -11;

    public const int Interrupted = -4;
    public const int SolUdp = 17;
    public const int UdpSegment = 103;
    public const int UdpGro = 104;

    private const int MsgDontWait = 0x40;

    /// <summary>Receives without waiting; how many messages, or the negative error number.</summary>
    public static int Receive(SafeSocketHandle socket, MessageHeader* messages, int count)
    {
        int result;
        do
        {
            result = Result(ReceiveMessages(socket, messages, (uint)count, MsgDontWait, null));
        }
        while (result == Interrupted);

        return result;
    }

    /// <summary>Sends without waiting; how many messages the kernel took, the first ones, or the negative error number if it took none.</summary>
    public static int Send(SafeSocketHandle socket, MessageHeader* messages, int count)
    {
        int result;
        do
        {
            result = Result(SendMessages(socket, messages, (uint)count, MsgDontWait));
        }
        while (result == Interrupted);

        return result;
    }

    /// <summary>What a call returned, or its negative error number.</summary>
    public static int Result(int result) => result >= 0 ? result : -Marshal.GetLastPInvokeError();

    [LibraryImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ReceiveMessages(SafeSocketHandle socket, MessageHeader* messages, uint count, int flags, void* timeout);

    [LibraryImport("libc", EntryPoint = "sendmmsg", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SendMessages(SafeSocketHandle socket, MessageHeader* messages, uint count, int flags);

    /// <summary>iovec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct IoVector
    {
        public byte* Base;
        public nint Length;
    }

    /// <summary>
    /// mmsghdr: a msghdr, and how many bytes it was. glibc and musl differ in the width of two counts only, which little-endian zero padding hides.
    /// </summary>
    [StructLayout(LayoutKind.Sequential, Size = 64)]
    internal struct MessageHeader
    {
        public byte* Name;
        public uint NameLength;
        public IoVector* Vectors;
        public nint VectorCount;
        public byte* Control;
        public nint ControlLength;
        public long Flags;
        public uint Length;
    }

    /// <summary>cmsghdr.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct ControlHeader
    {
        public nint Length;
        public int Level;
        public int Type;
    }
}
