namespace WebRtcCore.Dns;

/// <summary>One question for SRV records to one name server, and what its answer means.</summary>
/// <param name="name">The service's name, as <c>_stun._udp.example.org</c>.</param>
/// <param name="id">Random: an answer without it is somebody else's.</param>
internal sealed class DnsServiceQuery(string name, ushort id)
{
    /// <summary>No more records than this are used.</summary>
    public const int MaxServices = 16;

    /// <summary>The longest query: header, name, type and class.</summary>
    public const int MaxLength = DnsFormat.HeaderLength + DnsFormat.MaxNameLength + DnsFormat.QuestionTailLength;

    /// <summary>Writes the query.</summary>
    /// <param name="destination">At least <see cref="MaxLength"/> bytes.</param>
    /// <returns>Its length.</returns>
    public int Write(Span<byte> destination)
    {
        var writer = new DnsMessageWriter(destination, id, DnsFormat.RecursionDesiredFlag);
        writer.TryAddQuestion(name, DnsRecordType.Srv);
        return writer.Length;
    }

    /// <summary>Reads what has come from the server.</summary>
    /// <param name="message">Borrowed.</param>
    /// <param name="services">The records; empty unless the result is <see cref="DnsQueryResult.Found"/>.</param>
    public DnsQueryResult Read(ReadOnlySpan<byte> message, out IReadOnlyList<DnsService> services)
    {
        services = [];
        if (!DnsMessageView.TryParse(message, out var answer) || !IsMine(answer))
        {
            return DnsQueryResult.NotMine;
        }

        if (answer.IsTruncated)
        {
            return DnsQueryResult.Truncated;
        }

        if (answer.ResponseCode is not (DnsResponseCode.NoError or DnsResponseCode.NameError))
        {
            return DnsQueryResult.Failed;
        }

        var found = new List<DnsService>();
        foreach (var record in answer.Records)
        {
            // The server has followed aliases, so the name may be another.
            if (record is { Section: DnsSection.Answer, IsInternet: true } && found.Count < MaxServices && record.TryGetService(out var service))
            {
                found.Add(service!);
            }
        }

        services = found;
        return found.Count > 0 ? DnsQueryResult.Found : DnsQueryResult.NotFound;
    }

    private bool IsMine(scoped in DnsMessageView answer)
    {
        if (answer.Id != id || !answer.IsResponse || !answer.IsStandard || answer.QuestionCount != 1)
        {
            return false;
        }

        foreach (var question in answer.Questions)
        {
            return question is { Type: DnsRecordType.Srv, IsInternet: true } && question.Name.Is(name);
        }

        return false;
    }
}
