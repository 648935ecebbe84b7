using System.Buffers.Binary;
using System.Numerics;
using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Rtcp;

/// <summary>
/// Generic NACK: sequence numbers that are missing (RFC 4585, 6.2.1), for <see langword="foreach"/>. Borrows the datagram.
/// <code>
/// |            PID                |             BLP               |  per entry: a missing number, and a bit for each of the 16 after it
/// </code>
/// </summary>
public readonly ref struct GenericNack
{
    private const int EntryLength = 4;
    private const int BitmaskLength = 16;
    private readonly ReadOnlySpan<byte> _entries;

    private GenericNack(Ssrc senderSsrc, Ssrc mediaSsrc, ReadOnlySpan<byte> entries)
    {
        SenderSsrc = senderSsrc;
        MediaSsrc = mediaSsrc;
        _entries = entries;
    }

    /// <summary>Who reports.</summary>
    public Ssrc SenderSsrc { get; }

    /// <summary>The stream whose packets are missing.</summary>
    public Ssrc MediaSsrc { get; }

    /// <summary>Reads the packet; it has at least one entry.</summary>
    public static bool TryParse(RtcpPacketView packet, out GenericNack nack)
    {
        nack = default;
        if (!RtcpFeedback.TryParse(
                packet, RtcpPacketType.TransportLayerFeedback, RtcpFeedback.GenericNackFormat, out var sender, out var media, out var entries)
            || entries.Length == 0 || entries.Length % EntryLength != 0)
        {
            return false;
        }

        nack = new GenericNack(sender, media, entries);
        return true;
    }

    /// <summary>Bytes of a packet that reports <paramref name="sequenceNumbers"/>, in order.</summary>
    public static int GetEncodedLength(ReadOnlySpan<ushort> sequenceNumbers)
    {
        var entries = 0;
        while (sequenceNumbers.Length > 0)
        {
            sequenceNumbers = sequenceNumbers[TakeEntry(sequenceNumbers, out _)..];
            entries++;
        }

        return RtcpFeedback.HeaderLength + (entries * EntryLength);
    }

    /// <summary>Writes a packet that reports <paramref name="sequenceNumbers"/>: at least one, in order.</summary>
    public static void Write(ref SpanWriter writer, Ssrc sender, Ssrc media, scoped ReadOnlySpan<ushort> sequenceNumbers)
    {
        var length = GetEncodedLength(sequenceNumbers);
        RtcpFeedback.Write(ref writer, RtcpPacketType.TransportLayerFeedback, RtcpFeedback.GenericNackFormat, sender, media, length);
        while (sequenceNumbers.Length > 0)
        {
            var taken = TakeEntry(sequenceNumbers, out var bitmask);
            writer.WriteUInt16(sequenceNumbers[0]);
            writer.WriteUInt16(bitmask);
            sequenceNumbers = sequenceNumbers[taken..];
        }
    }

    /// <summary>Starts at the first missing number.</summary>
    public Enumerator GetEnumerator() => new(_entries);

    private static int TakeEntry(ReadOnlySpan<ushort> sequenceNumbers, out ushort bitmask)
    {
        bitmask = 0;
        var taken = 1;
        while (taken < sequenceNumbers.Length)
        {
            var distance = SerialNumber.Distance(sequenceNumbers[taken], sequenceNumbers[0]);
            if (distance is < 1 or > BitmaskLength)
            {
                break;
            }

            bitmask |= (ushort)(1 << (distance - 1));
            taken++;
        }

        return taken;
    }

    /// <summary>Walks over the missing sequence numbers.</summary>
    public ref struct Enumerator
    {
        private ReadOnlySpan<byte> _entries;
        private uint _bits;
        private ushort _first;

        internal Enumerator(ReadOnlySpan<byte> entries) => _entries = entries;

        /// <summary>The number that the last <see cref="MoveNext"/> came to.</summary>
        public ushort Current { readonly get; private set; }

        /// <summary>Goes to the next missing number.</summary>
        public bool MoveNext()
        {
            if (_bits == 0)
            {
                if (_entries.Length < EntryLength)
                {
                    return false;
                }

                // Bit 0 stands for PID itself, bit i for PID + i.
                _first = BinaryPrimitives.ReadUInt16BigEndian(_entries);
                _bits = 1u | ((uint)BinaryPrimitives.ReadUInt16BigEndian(_entries[2..]) << 1);
                _entries = _entries[EntryLength..];
            }

            Current = (ushort)(_first + BitOperations.TrailingZeroCount(_bits));
            _bits &= _bits - 1;
            return true;
        }
    }
}
