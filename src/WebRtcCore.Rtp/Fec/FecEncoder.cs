using System.Buffers;
using System.Buffers.Binary;
using WebRtcCore.Primitives;
using WebRtcCore.Rtp.HeaderExtensions;

namespace WebRtcCore.Rtp.Fec;

/// <summary>
/// Makes repair packets for one stream: collects packets, and at the end of a frame, once as much is due as the protection asks for, gives the parities of
/// interleaved parts of them: of n repair packets each protects every n-th packet, so that n packets lost in a row come back.
/// </summary>
internal sealed class FecEncoder
{
    /// <summary>The most packets protected together: what ULPFEC's long mask reaches over.</summary>
    public const int MaxPackets = FecHeader.MaxUlpfecMask;

    // A repair packet that comes much later than the loss is of little use.
    private const int MaxFrames = 8;

    private readonly List<(byte[] Bytes, int Length)> _packets = new(MaxPackets);
    private readonly byte[] _parity = new byte[FecPackets.MaxPacketLength];
    private double _due;
    private int _frames;
    private int _repairs;
    private int _next;

    /// <summary>Takes in a packet, at most <see cref="FecPackets.MaxPacketLength"/> bytes.</summary>
    /// <param name="packet">The packet, borrowed.</param>
    /// <param name="extensions">What the identifiers in the packet mean.</param>
    /// <param name="protection">Repair packets for each packet, 0 to 1.</param>
    public void Add(RtpPacketView packet, RtpHeaderExtensionMap extensions, double protection)
    {
        if (_repairs > 0 || protection <= 0)
        {
            Clear();
        }

        if (protection <= 0 || packet.Packet.Length > FecPackets.MaxPacketLength)
        {
            return;
        }

        if (_packets.Count == MaxPackets || (_packets.Count > 0 && Distance(packet.SequenceNumber) >= MaxPackets))
        {
            Clear();
        }

        var copy = ArrayPool<byte>.Shared.Rent(packet.Packet.Length);
        _packets.Add((copy, FecPackets.CopyProtected(packet, extensions, copy)));
        _due += Math.Min(protection, 1);
        if (!packet.Marker)
        {
            if (_packets.Count < MaxPackets)
            {
                return;
            }
        }
        else
        {
            _frames++;
        }

        // Rounded where the wait would be too long: at a low rate of packets a little more or less is sent than asked for.
        if (_due >= 1 || (_due >= 0.5 && (_frames >= MaxFrames || _packets.Count == MaxPackets)))
        {
            _repairs = Math.Min(Math.Max(1, (int)_due), _packets.Count);
            _due = Math.Clamp(_due - _repairs, 0, 1);
            _next = 0;
        }
        else if (_frames >= MaxFrames)
        {
            Clear();
        }
    }

    /// <summary>Writes the payload of the next repair packet that is due.</summary>
    /// <param name="destination">Where it goes.</param>
    /// <param name="isFlexFec">Whether as FlexFEC-03 or as ULPFEC.</param>
    /// <param name="length">The bytes written.</param>
    /// <returns><see langword="false"/> if none is due, or it does not fit.</returns>
    public bool TryWrite(Span<byte> destination, bool isFlexFec, out int length)
    {
        length = 0;
        if (_next >= _repairs)
        {
            return false;
        }

        var start = _next++;
        var first = ReadSequenceNumber(_packets[0].Bytes);
        var mask = new FecMask();
        var protection = 0;
        for (var i = start; i < _packets.Count; i += _repairs)
        {
            mask = mask.With((ushort)(ReadSequenceNumber(_packets[i].Bytes) - first));
            protection = Math.Max(protection, _packets[i].Length - FecHeader.RtpHeaderLength);
        }

        var headerLength = isFlexFec ? FecHeader.GetFlexFecLength(mask) : FecHeader.GetUlpfecLength(mask);
        if (headerLength + protection > destination.Length)
        {
            return false;
        }

        var header = new FecHeader
        {
            SequenceNumberBase = first,
            Mask = mask,
            ProtectionLength = protection,
            ProtectedSsrc = new Ssrc(BinaryPrimitives.ReadUInt32BigEndian(_packets[0].Bytes.AsSpan(8))),
        };
        var parity = _parity.AsSpan(0, protection);
        parity.Clear();
        for (var i = start; i < _packets.Count; i += _repairs)
        {
            FecPackets.Add(ref header, parity, _packets[i].Bytes.AsSpan(0, _packets[i].Length));
        }

        var writer = new SpanWriter(destination);
        if (isFlexFec)
        {
            header.WriteFlexFec(ref writer);
        }
        else
        {
            header.WriteUlpfec(ref writer);
        }

        writer.WriteBytes(parity);
        length = writer.Position;
        return true;
    }

    /// <summary>Forgets what has been collected.</summary>
    public void Clear()
    {
        foreach (var (bytes, _) in _packets)
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }

        _packets.Clear();
        _frames = 0;
        _repairs = 0;
        _next = 0;
    }

    private static ushort ReadSequenceNumber(byte[] packet) => BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(2));

    private int Distance(ushort sequenceNumber) => (ushort)(sequenceNumber - ReadSequenceNumber(_packets[0].Bytes));
}
