using WebRtcCore.Primitives;

namespace WebRtcCore.Dns;

/// <summary>A record of a DNS message, which is borrowed. Its data is looked at by the <c>TryGet</c> of its type.</summary>
internal readonly ref struct DnsRecordView
{
    private readonly ReadOnlySpan<byte> _message;
    private readonly int _dataOffset;
    private readonly ushort _classField;

    public DnsRecordView(ReadOnlySpan<byte> message, DnsSection section, DnsNameView name, DnsRecordType type, ushort classField, uint timeToLive, int dataOffset, int dataLength)
    {
        _message = message;
        _dataOffset = dataOffset;
        _classField = classField;
        Section = section;
        Name = name;
        Type = type;
        TimeToLiveSeconds = timeToLive;
        Data = message.Slice(dataOffset, dataLength);
    }

    /// <summary>The section that it stands in.</summary>
    public DnsSection Section { get; }

    /// <summary>Whose record it is.</summary>
    public DnsNameView Name { get; }

    /// <summary>Its type, known or not.</summary>
    public DnsRecordType Type { get; }

    /// <summary>For how long it holds; 0 takes it back (RFC 6762, 10.1).</summary>
    public uint TimeToLiveSeconds { get; }

    /// <summary>The data as it stands.</summary>
    public ReadOnlySpan<byte> Data { get; }

    /// <summary>Whether it is of the Internet class.</summary>
    public bool IsInternet => (_classField & ~DnsFormat.ClassFlag) == DnsFormat.ClassInternet;

    /// <summary>Whether it is the only one of its name and type, so that older ones are to be forgotten (RFC 6762, 10.2).</summary>
    public bool IsCacheFlush => (_classField & DnsFormat.ClassFlag) != 0;

    /// <summary>The address of an A or AAAA record, without a port.</summary>
    public bool TryGetAddress(out TransportAddress address)
    {
        address = default;
        if ((Type, Data.Length) is not ((DnsRecordType.A, 4) or (DnsRecordType.Aaaa, 16)))
        {
            return false;
        }

        address = TransportAddress.FromBytes(Data, 0);
        return true;
    }

    /// <summary>What a SRV record says.</summary>
    public bool TryGetService(out DnsService? service)
    {
        service = null;
        var reader = new SpanReader(Data);
        if (Type != DnsRecordType.Srv
            || !reader.TryReadUInt16(out var priority) || !reader.TryReadUInt16(out var weight) || !reader.TryReadUInt16(out var port)
            || !TryGetName(reader.Position, out var target) || target.ToString() is not { } text)
        {
            return false;
        }

        service = new DnsService(priority, weight, port, text);
        return true;
    }

    /// <summary>The name behind a CNAME record.</summary>
    public bool TryGetAlias(out DnsNameView target)
    {
        target = default;
        return Type == DnsRecordType.Cname && TryGetName(0, out target);
    }

    /// <summary>Whether an NSEC record says that its name has no record of a type (RFC 6762, 6.1: one block of types, the lowest 256).</summary>
    public bool Denies(DnsRecordType type)
    {
        if (Type != DnsRecordType.Nsec || !DnsNameView.TryRead(_message, _dataOffset, out _, out var end) || end - _dataOffset > Data.Length)
        {
            return false;
        }

        var types = Data[(end - _dataOffset)..];
        var (index, bit) = ((int)type >> 3, 0x80 >> ((int)type & 7));
        return types.Length >= 2 && types[0] == 0 && types[1] == types.Length - 2 && (int)type < 256 && (index >= types[1] || (types[2 + index] & bit) == 0);
    }

    private bool TryGetName(int position, out DnsNameView name) =>
        DnsNameView.TryRead(_message, _dataOffset + position, out name, out var end) && end == _dataOffset + Data.Length;
}
