namespace WebRtcCore.Dns;

/// <summary>A question of a DNS message, which is borrowed.</summary>
internal readonly ref struct DnsQuestionView(DnsNameView name, DnsRecordType type, ushort classField)
{
    /// <summary>The name asked about.</summary>
    public DnsNameView Name { get; } = name;

    /// <summary>The type of record wanted.</summary>
    public DnsRecordType Type { get; } = type;

    /// <summary>Whether the question is about the Internet class, as all are.</summary>
    public bool IsInternet => (classField & ~DnsFormat.ClassFlag) is DnsFormat.ClassInternet or DnsFormat.ClassAny;
}
