using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using static WebRtcCore.Linux.LinuxMessages;

namespace WebRtcCore.Linux;

/// <summary>
/// Room for the messages of one recvmmsg call, each with its sender and, where the kernel joins datagrams (UDP_GRO), their size. Pinned for good. Single-threaded.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class ReceiveSlots
{
    /// <summary>Room for any socket address of IPv4 or IPv6.</summary>
    public const int AddressRoom = 32;

    private const int ControlRoom = 32;
    private readonly int _slotSize;
    private readonly byte[] _data;
    private readonly byte[] _addresses;
    private readonly byte[] _controls;
    private readonly MessageHeader[] _headers;
    private readonly IoVector[] _vectors;
    private int _used;

    /// <summary>Creates room for <paramref name="capacity"/> messages of <paramref name="slotSize"/> bytes; what is longer is cut off.</summary>
    public ReceiveSlots(int capacity, int slotSize)
    {
        Capacity = capacity;
        _slotSize = slotSize;
        _data = GC.AllocateUninitializedArray<byte>(capacity * slotSize, pinned: true);
        _addresses = GC.AllocateArray<byte>(capacity * AddressRoom, pinned: true);
        _controls = GC.AllocateArray<byte>(capacity * ControlRoom, pinned: true);
        _headers = GC.AllocateArray<MessageHeader>(capacity, pinned: true);
        _vectors = GC.AllocateArray<IoVector>(capacity, pinned: true);
        for (var i = 0; i < capacity; i++)
        {
            // Pinned arrays do not move: these addresses hold for as long as this object lives.
            _vectors[i].Base = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_data, i * slotSize);
            _vectors[i].Length = slotSize;
            _headers[i].Name = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_addresses, i * AddressRoom);
            _headers[i].Vectors = (IoVector*)Marshal.UnsafeAddrOfPinnedArrayElement(_vectors, i);
            _headers[i].VectorCount = 1;
            _headers[i].Control = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_controls, i * ControlRoom);
        }

        _used = capacity;
    }

    public int Capacity { get; }

    /// <summary>Receives what waits.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="most">The most messages to take; to look for one that is not there costs as much as a third of one that is.</param>
    /// <returns>How many messages, or the negative error number.</returns>
    public int Receive(SafeSocketHandle socket, int most)
    {
        // The kernel has changed these for the messages of the last call only.
        for (var i = 0; i < _used; i++)
        {
            _headers[i].NameLength = AddressRoom;
            _headers[i].ControlLength = ControlRoom;
        }

        var count = LinuxMessages.Receive(socket, (MessageHeader*)Marshal.UnsafeAddrOfPinnedArrayElement(_headers, 0), most);
        _used = Math.Max(count, 0);
        Debug.Assert(_used <= most, "The kernel gives no more than was asked for.");
        return count;
    }

    /// <summary>A message: one datagram, or several of one sender side by side.</summary>
    public Span<byte> GetMessage(int slot) => _data.AsSpan(slot * _slotSize, (int)_headers[slot].Length);

    /// <summary>The sender's socket address.</summary>
    public ReadOnlySpan<byte> GetAddress(int slot) => _addresses.AsSpan(slot * AddressRoom, AddressRoom);

    /// <summary>The size of all datagrams of a message but the last; the message's own where there is one only.</summary>
    public int GetSegmentSize(int slot)
    {
        ref readonly var header = ref _headers[slot];
        if (header.ControlLength >= sizeof(ControlHeader) + sizeof(int))
        {
            // UDP_GRO is the only control data that is asked for, so it comes first.
            var control = (ControlHeader*)header.Control;
            var size = *(int*)(control + 1);
            if (control->Level == SolUdp && control->Type == UdpGro && size > 0)
            {
                return size;
            }
        }

        return (int)header.Length;
    }
}
