using System.Buffers;
using System.Buffers.Binary;
using WebRtcCore.Primitives;
using WebRtcCore.Rtp.HeaderExtensions;

namespace WebRtcCore.Rtp.Fec;

/// <summary>
/// Recovers lost packets of one stream from repair packets: keeps the last media packets and the repair packets that are still of use. When all but one of the
/// packets that a repair packet protects are there, the missing one is their parity. What is kept is bounded in number, and so in bytes.
/// </summary>
internal sealed class FecDecoder
{
    /// <summary>How many sequence numbers back a packet is kept.</summary>
    public const int MediaCapacity = 256;

    /// <summary>How many repair packets wait.</summary>
    public const int RepairCapacity = 48;

    private readonly Media[] _media = new Media[MediaCapacity];
    private readonly List<Repair> _repairs = [];
    private readonly Queue<(byte[] Bytes, int Length)> _recovered = new();
    private long _highest = -1;

    /// <summary>Packets recovered.</summary>
    public long PacketsRecovered { get; private set; }

    /// <summary>Repair packets that came in.</summary>
    public long RepairsReceived { get; private set; }

    /// <summary>Repair packets that were malformed or of no use.</summary>
    public long RepairsDiscarded { get; private set; }

    /// <summary>Whether a recovered packet is to be taken.</summary>
    public bool HasRecovered => _recovered.Count > 0;

    /// <summary>Takes in a media packet.</summary>
    /// <param name="packet">The packet, borrowed.</param>
    /// <param name="number">Its sequence number without wrap-around.</param>
    /// <param name="extensions">What the identifiers in the packet mean.</param>
    public void AddMedia(RtpPacketView packet, long number, RtpHeaderExtensionMap extensions)
    {
        if (packet.Packet.Length > FecPackets.MaxPacketLength || number <= _highest - MediaCapacity || IsKnown(number))
        {
            return;
        }

        var copy = ArrayPool<byte>.Shared.Rent(packet.Packet.Length);
        Keep(number, copy, FecPackets.CopyProtected(packet, extensions, copy));
        Recover(packet.Ssrc);
    }

    /// <summary>Takes in the payload of a ULPFEC packet that protects the stream it came in.</summary>
    public void AddUlpfec(ReadOnlySpan<byte> payload, Ssrc ssrc)
    {
        RepairsReceived++;
        if (FecHeader.TryParseUlpfec(payload, out var header))
        {
            Add(header, payload.Slice(header.Length, header.ProtectionLength), ssrc);
        }
        else
        {
            RepairsDiscarded++;
        }
    }

    /// <summary>Takes in the payload of a FlexFEC packet that protects the stream.</summary>
    public void AddFlexFec(ReadOnlySpan<byte> payload, Ssrc ssrc)
    {
        RepairsReceived++;
        if (FecHeader.TryParseFlexFec(payload, out var header) && header.ProtectedSsrc == ssrc)
        {
            Add(header, payload.Slice(header.Length, header.ProtectionLength), ssrc);
        }
        else
        {
            RepairsDiscarded++;
        }
    }

    /// <summary>Takes a recovered packet.</summary>
    /// <param name="destination">Where it goes.</param>
    /// <param name="length">Its length.</param>
    public bool TryTakeRecovered(Span<byte> destination, out int length)
    {
        while (_recovered.TryDequeue(out var packet))
        {
            length = packet.Length;
            var fits = length <= destination.Length;
            if (fits)
            {
                packet.Bytes.AsSpan(0, length).CopyTo(destination);
            }

            ArrayPool<byte>.Shared.Return(packet.Bytes);
            if (fits)
            {
                return true;
            }
        }

        length = 0;
        return false;
    }

    /// <summary>Lets go of everything.</summary>
    public void Clear()
    {
        foreach (ref var media in _media.AsSpan())
        {
            Release(ref media);
        }

        foreach (var repair in _repairs)
        {
            ArrayPool<byte>.Shared.Return(repair.Parity);
        }

        while (_recovered.TryDequeue(out var packet))
        {
            ArrayPool<byte>.Shared.Return(packet.Bytes);
        }

        _repairs.Clear();
        _highest = -1;
    }

    private static void Release(ref Media media)
    {
        if (media.Bytes is not null)
        {
            ArrayPool<byte>.Shared.Return(media.Bytes);
        }

        media = default;
    }

    private bool IsKnown(long number) => number >= 0 && _media[number % MediaCapacity] is { Bytes: not null } known && known.Number == number;

    private void Keep(long number, byte[] bytes, int length)
    {
        ref var place = ref _media[number % MediaCapacity];
        Release(ref place);
        place = new Media(number, bytes, length);
        _highest = Math.Max(_highest, number);
    }

    private void Add(in FecHeader header, ReadOnlySpan<byte> parity, Ssrc ssrc)
    {
        // Nothing of the stream has come in yet to count from.
        if (_highest < 0 || parity.Length > FecPackets.MaxPacketLength)
        {
            RepairsDiscarded++;
            return;
        }

        var number = SerialNumber.Unwrap(header.SequenceNumberBase, _highest);
        if (number < 0 || number <= _highest - MediaCapacity || number > _highest + MediaCapacity)
        {
            RepairsDiscarded++;
            return;
        }

        if (_repairs.Count == RepairCapacity)
        {
            Discard(0);
        }

        var copy = ArrayPool<byte>.Shared.Rent(Math.Max(1, parity.Length));
        parity.CopyTo(copy);
        _repairs.Add(new Repair(header, copy, number));
        Recover(ssrc);
    }

    private void Discard(int index)
    {
        ArrayPool<byte>.Shared.Return(_repairs[index].Parity);
        _repairs.RemoveAt(index);
        RepairsDiscarded++;
    }

    // A packet that is recovered may make the next repair packet complete: on until nothing changes.
    private void Recover(Ssrc ssrc)
    {
        var hasChanged = true;
        while (hasChanged)
        {
            hasChanged = false;
            for (var i = _repairs.Count - 1; i >= 0; i--)
            {
                var repair = _repairs[i];
                var missing = CountMissing(repair, out var number);
                if (missing == 0 || repair.First + repair.Header.Mask.Length <= _highest - MediaCapacity)
                {
                    Discard(i);
                }
                else if (missing == 1)
                {
                    hasChanged |= TryRecover(repair, number, ssrc);
                    ArrayPool<byte>.Shared.Return(repair.Parity);
                    _repairs.RemoveAt(i);
                }
            }
        }
    }

    private int CountMissing(in Repair repair, out long missing)
    {
        missing = -1;
        var count = 0;
        var length = repair.Header.Mask.Length;
        for (var distance = 0; distance < length && count < 2; distance++)
        {
            if (repair.Header.Mask.Contains(distance) && !IsKnown(repair.First + distance))
            {
                missing = repair.First + distance;
                count++;
            }
        }

        return count;
    }

    private bool TryRecover(in Repair repair, long missing, Ssrc ssrc)
    {
        var header = repair.Header;
        var protection = header.ProtectionLength;
        var bytes = ArrayPool<byte>.Shared.Rent(FecHeader.RtpHeaderLength + protection);
        var parity = bytes.AsSpan(FecHeader.RtpHeaderLength, protection);
        repair.Parity.AsSpan(0, protection).CopyTo(parity);
        var length = header.Mask.Length;
        for (var distance = 0; distance < length; distance++)
        {
            if (header.Mask.Contains(distance) && repair.First + distance != missing)
            {
                var media = _media[(repair.First + distance) % MediaCapacity];
                FecPackets.Add(ref header, parity, media.Bytes.AsSpan(0, media.Length));
            }
        }

        var total = FecHeader.RtpHeaderLength + header.PacketLength;
        if (header.PacketLength > protection || total > FecPackets.MaxPacketLength)
        {
            ArrayPool<byte>.Shared.Return(bytes);
            RepairsDiscarded++;
            return false;
        }

        // RFC 5109 8.1: version 2; the sequence number is known, and so is the source.
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)((header.FirstBytes & ((FecHeader.ProtectedBits << 8) | 0xFF)) | 0x8000));
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), (ushort)missing);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), header.Timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(8), ssrc.Value);
        if (!RtpPacketView.TryParse(bytes.AsSpan(0, total), out _))
        {
            ArrayPool<byte>.Shared.Return(bytes);
            RepairsDiscarded++;
            return false;
        }

        var copy = ArrayPool<byte>.Shared.Rent(total);
        bytes.AsSpan(0, total).CopyTo(copy);
        Keep(missing, bytes, total);
        _recovered.Enqueue((copy, total));
        PacketsRecovered++;
        return true;
    }

    private readonly record struct Media(long Number, byte[]? Bytes, int Length);

    private readonly record struct Repair(FecHeader Header, byte[] Parity, long First);
}
