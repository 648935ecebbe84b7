using System.Runtime.Versioning;
using WebRtcCore.Linux;
using WebRtcCore.Primitives;
using WebRtcCore.Transport;

namespace WebRtcCore;

/// <summary>
/// What one turn of a server sends: datagrams side by side in one buffer, those of one path and size together. On Linux all that leaves one socket in a row takes one
/// system call, whatever its destinations.
/// </summary>
internal sealed class RelayBatch
{
    private const int BufferSize = 256 * 1024;
    private const int MaxGroups = 128;
    private const int MaxSegments = 60;

    // What the kernel cuts in one call: an IP packet less its headers.
    private const int MaxGroupLength = 64_000;

    private readonly Func<TransportAddress, UdpEndpoint?> _find;
    private readonly TurnStreams _streams;
    private readonly int _maxDatagramSize;
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferSize, pinned: true);
    private readonly Group[] _groups = new Group[MaxGroups];
    private readonly SendSlots? _slots;
    private int _count;
    private int _used;

    /// <summary>Creates an empty batch.</summary>
    /// <param name="find">The socket of an address, if it is still open.</param>
    /// <param name="streams">Where messages for TCP and TLS clients go.</param>
    /// <param name="maxDatagramSize">The largest datagram.</param>
    public RelayBatch(Func<TransportAddress, UdpEndpoint?> find, TurnStreams streams, int maxDatagramSize)
    {
        _find = find;
        _streams = streams;
        _maxDatagramSize = maxDatagramSize;
        _slots = LinuxDatagrams.IsSupported ? new SendSlots(MaxGroups, _buffer) : null;
    }

    /// <summary>Room for the next datagram; at least the largest one.</summary>
    public Span<byte> Next()
    {
        if (BufferSize - _used < _maxDatagramSize || _count == MaxGroups)
        {
            Flush();
        }

        return _buffer.AsSpan(_used);
    }

    /// <summary>A datagram now lies where <see cref="Next"/> pointed.</summary>
    public void Add(in Transmit transmit) => Add(transmit.Length, transmit.Path!.Value);

    /// <summary>Sends all of it.</summary>
    public void Flush()
    {
        for (var first = 0; first < _count;)
        {
            var local = _groups[first].Path.Local;
            var next = first + 1;
            if (_groups[first].Path.Protocol != TransportProtocol.Udp)
            {
                _streams.Send(Data(_groups[first]), _groups[first].Path);
            }
            else
            {
                while (next < _count && _groups[next].Path.Local == local && _groups[next].Path.Protocol == TransportProtocol.Udp)
                {
                    next++;
                }

                if (_find(local) is { } endpoint)
                {
                    Send(endpoint, first, next);
                }
            }

            first = next;
        }

        _count = 0;
        _used = 0;
    }

    private void Add(int length, in NetworkPath path)
    {
        if (_count > 0 && _groups[_count - 1].TryAdd(length, path))
        {
            _used += length;
            return;
        }

        _groups[_count++] = new Group { Path = path, Offset = _used, Length = length, SegmentSize = length, Segments = 1 };
        _used += length;
    }

    private Span<byte> Data(in Group group) => _buffer.AsSpan(group.Offset, group.Length);

    private void Send(UdpEndpoint endpoint, int first, int end)
    {
        if (LinuxDatagrams.IsSupported && _slots is { } slots && endpoint.IsSegmenting)
        {
            SendMany(endpoint, slots, first, end);
            return;
        }

        for (var i = first; i < end; i++)
        {
            SendOne(endpoint, _groups[i]);
        }
    }

    // What the kernel does not take at once goes the way that knows what to do about each error.
    private void SendOne(UdpEndpoint endpoint, in Group group)
    {
        if (group.Segments == 1)
        {
            endpoint.Send(Data(group), group.Path.Remote);
        }
        else
        {
            endpoint.SendBatch(Data(group), group.SegmentSize, group.Path.Remote);
        }
    }

    [SupportedOSPlatform("linux")]
    private void SendMany(UdpEndpoint endpoint, SendSlots slots, int first, int end)
    {
        Span<byte> address = stackalloc byte[LinuxAddress.MaxLength];
        for (var i = first; i < end; i++)
        {
            ref readonly var group = ref _groups[i];
            slots.Set(i, group.Offset, group.Length, group.SegmentSize, address[..LinuxAddress.Write(group.Path.Remote, address)]);
        }

        while (first < end)
        {
            int taken;
            try
            {
                taken = slots.Send(endpoint.Handle, first, end - first);
            }
            catch (ObjectDisposedException)
            {
                return;
            }

            var (datagrams, bytes) = (0, 0L);
            for (var i = first; i < first + taken; i++)
            {
                datagrams += _groups[i].Segments;
                bytes += _groups[i].Length;
            }

            endpoint.Count(0, 0, datagrams, bytes);
            first += Math.Max(taken, 0);
            if (taken <= 0)
            {
                SendOne(endpoint, _groups[first]);
                first++;
            }
        }
    }

    // Datagrams of one size for one path; the last may be shorter.
    private struct Group
    {
        public NetworkPath Path;
        public int Offset;
        public int Length;
        public int SegmentSize;
        public int Segments;

        public bool TryAdd(int length, in NetworkPath path)
        {
            // The kernel cuts no datagram of no bytes.
            if (length == 0 || length > SegmentSize || Segments * SegmentSize != Length || Segments == MaxSegments || Length + length > MaxGroupLength || path != Path)
            {
                return false;
            }

            Length += length;
            Segments++;
            return true;
        }
    }
}
