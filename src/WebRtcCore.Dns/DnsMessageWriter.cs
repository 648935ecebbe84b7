using System.Buffers.Binary;
using WebRtcCore.Primitives;

namespace WebRtcCore.Dns;

/// <summary>
/// Writes a DNS message into a borrowed buffer: first its questions, then its records section by section. Names are written in full.
/// What does not fit any more is refused, and what has been written stays a whole message.
/// </summary>
internal ref struct DnsMessageWriter
{
    private readonly Span<byte> _destination;
    private SpanWriter _writer;
    private int _part;

    /// <summary>Begins a message.</summary>
    /// <param name="destination">At least 12 bytes.</param>
    /// <param name="id">The query's number.</param>
    /// <param name="flags">Bits of <see cref="DnsFormat"/>.</param>
    public DnsMessageWriter(Span<byte> destination, ushort id, ushort flags)
    {
        _destination = destination;
        _writer = new SpanWriter(destination);
        _writer.WriteUInt16(id);
        _writer.WriteUInt16(flags);
        _writer.WriteZeros(8);
    }

    /// <summary>How long the message is now.</summary>
    public readonly int Length => _writer.Position;

    /// <summary>Adds a question. All questions come before the first record.</summary>
    public bool TryAddQuestion(string name, DnsRecordType type)
    {
        if (DnsName.GetEncodedLength(name) + DnsFormat.QuestionTailLength > _writer.Remaining)
        {
            return false;
        }

        DnsName.Write(ref _writer, name);
        _writer.WriteUInt16((ushort)type);
        _writer.WriteUInt16(DnsFormat.ClassInternet);
        CountIn(0);
        return true;
    }

    /// <summary>Adds an A or AAAA record.</summary>
    /// <param name="section">Not before that of the record added last.</param>
    /// <param name="name">Whose address it is.</param>
    /// <param name="address">The address; its port is not told.</param>
    /// <param name="timeToLiveSeconds">For how long.</param>
    /// <param name="isUnique">Whether the cache-flush bit is set (RFC 6762, 10.2).</param>
    public bool TryAddAddress(DnsSection section, string name, TransportAddress address, uint timeToLiveSeconds, bool isUnique)
    {
        if (!TryBeginRecord(section, name, address.IsIPv4 ? DnsRecordType.A : DnsRecordType.Aaaa, timeToLiveSeconds, isUnique, address.AddressLength))
        {
            return false;
        }

        address.WriteAddressBytes(_writer.Reserve(address.AddressLength));
        return true;
    }

    /// <summary>Adds an NSEC record: the name has this one type and no other (RFC 6762, 6.1).</summary>
    public bool TryAddOnlyType(DnsSection section, string name, DnsRecordType type, uint timeToLiveSeconds, bool isUnique)
    {
        var bytes = ((int)type >> 3) + 1;
        if (!TryBeginRecord(section, name, DnsRecordType.Nsec, timeToLiveSeconds, isUnique, DnsName.GetEncodedLength(name) + 2 + bytes))
        {
            return false;
        }

        DnsName.Write(ref _writer, name);
        _writer.WriteByte(0);
        _writer.WriteByte((byte)bytes);
        _writer.WriteZeros(bytes - 1);
        _writer.WriteByte((byte)(0x80 >> ((int)type & 7)));
        return true;
    }

    /// <summary>Adds a SRV record; an empty target is the root.</summary>
    public bool TryAddService(DnsSection section, string name, DnsService service, uint timeToLiveSeconds)
    {
        var targetLength = service.Target.Length == 0 ? 1 : DnsName.GetEncodedLength(service.Target);
        if (!TryBeginRecord(section, name, DnsRecordType.Srv, timeToLiveSeconds, isUnique: false, 6 + targetLength))
        {
            return false;
        }

        _writer.WriteUInt16(service.Priority);
        _writer.WriteUInt16(service.Weight);
        _writer.WriteUInt16(service.Port);
        if (service.Target.Length == 0)
        {
            _writer.WriteByte(0);
        }
        else
        {
            DnsName.Write(ref _writer, service.Target);
        }

        return true;
    }

    private bool TryBeginRecord(DnsSection section, string name, DnsRecordType type, uint timeToLiveSeconds, bool isUnique, int dataLength)
    {
        if (1 + (int)section < _part || DnsName.GetEncodedLength(name) + DnsFormat.RecordTailLength + dataLength > _writer.Remaining)
        {
            return false;
        }

        DnsName.Write(ref _writer, name);
        _writer.WriteUInt16((ushort)type);
        _writer.WriteUInt16((ushort)(DnsFormat.ClassInternet | (isUnique ? DnsFormat.ClassFlag : 0)));
        _writer.WriteUInt32(timeToLiveSeconds);
        _writer.WriteUInt16((ushort)dataLength);
        CountIn(1 + (int)section);
        return true;
    }

    private void CountIn(int part)
    {
        _part = part;
        var count = _destination.Slice(4 + (2 * part), 2);
        BinaryPrimitives.WriteUInt16BigEndian(count, (ushort)(BinaryPrimitives.ReadUInt16BigEndian(count) + 1));
    }
}
