using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using static WebRtcCore.Linux.LinuxMessages;

namespace WebRtcCore.Linux;

/// <summary>The messages of one sendmmsg call: parts of one pinned buffer, each to an address, cut by the kernel where it holds several datagrams. Single-threaded.</summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class SendSlots
{
    private const int AddressRoom = ReceiveSlots.AddressRoom;
    private const int ControlRoom = 24;
    private const int SegmentControlLength = 18;
    private readonly byte[] _data;
    private readonly byte[] _addresses;
    private readonly byte[] _controls;
    private readonly MessageHeader[] _headers;
    private readonly IoVector[] _vectors;

    /// <summary>Creates room for <paramref name="capacity"/> messages, whose data lies in <paramref name="pinned"/>.</summary>
    public SendSlots(int capacity, byte[] pinned)
    {
        Capacity = capacity;
        _data = pinned;
        _addresses = GC.AllocateArray<byte>(capacity * AddressRoom, pinned: true);
        _controls = GC.AllocateArray<byte>(capacity * ControlRoom, pinned: true);
        _headers = GC.AllocateArray<MessageHeader>(capacity, pinned: true);
        _vectors = GC.AllocateArray<IoVector>(capacity, pinned: true);
        for (var i = 0; i < capacity; i++)
        {
            _headers[i].Name = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_addresses, i * AddressRoom);
            _headers[i].Vectors = (IoVector*)Marshal.UnsafeAddrOfPinnedArrayElement(_vectors, i);
            _headers[i].VectorCount = 1;
            var control = (ControlHeader*)Marshal.UnsafeAddrOfPinnedArrayElement(_controls, i * ControlRoom);
            control->Length = SegmentControlLength;
            control->Level = SolUdp;
            control->Type = UdpSegment;
        }
    }

    public int Capacity { get; }

    /// <summary>Says what a message is.</summary>
    public void Set(int slot, int offset, int length, int segmentSize, ReadOnlySpan<byte> address)
    {
        address.CopyTo(_addresses.AsSpan(slot * AddressRoom));
        _vectors[slot].Base = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_data, offset);
        _vectors[slot].Length = length;
        ref var header = ref _headers[slot];
        header.NameLength = (uint)address.Length;
        header.Control = null;
        header.ControlLength = 0;
        if (segmentSize < length)
        {
            header.Control = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_controls, slot * ControlRoom);
            header.ControlLength = ControlRoom;
            *(ushort*)((ControlHeader*)header.Control + 1) = (ushort)segmentSize;
        }
    }

    /// <summary>Sends some of the messages.</summary>
    /// <returns>How many the kernel took, the first ones; or the negative error number of the first.</returns>
    public int Send(SafeSocketHandle socket, int first, int count) =>
        LinuxMessages.Send(socket, (MessageHeader*)Marshal.UnsafeAddrOfPinnedArrayElement(_headers, first), count);
}
