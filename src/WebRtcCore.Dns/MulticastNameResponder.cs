using WebRtcCore.Primitives;

namespace WebRtcCore.Dns;

/// <summary>
/// Answers for names that stand for addresses of this machine (RFC 6762, 6), sans-IO. Each name is random and has exactly one address, so it is neither
/// probed for nor announced: nobody can hold another record of it, and nobody asks before it was told.
/// </summary>
internal sealed class MulticastNameResponder
{
    /// <summary>No more names than this are answered for.</summary>
    public const int MaxNames = 65_536;

    /// <summary>No more answers than this wait to be sent; further queries get none.</summary>
    public const int MaxAnswers = 256;

    /// <summary>No more questions than this are looked at in one query.</summary>
    public const int MaxQuestions = 32;

    // RFC 6762 10: records of host names hold for two minutes. 6.7: what is told to a resolver that knows nothing of multicast is soon forgotten.
    private const uint TimeToLiveSeconds = 120;
    private const uint LegacyTimeToLiveSeconds = 10;

    // RFC 6762 6: a record is not multicast on a link again within a second.
    private static readonly TimeSpan MinInterval = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, PublishedName> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly Queue<Answer> _answers = new();
    private readonly List<PublishedLink> _delayed = [];

    /// <summary>Names that are answered for.</summary>
    public int Count => _names.Count;

    /// <summary>When to call <see cref="HandleTimeout"/>.</summary>
    public Instant? NextTimeout
    {
        get
        {
            Instant? next = null;
            foreach (var link in _delayed)
            {
                next = Instant.Earliest(next, link.LastSent + MinInterval);
            }

            return next;
        }
    }

    /// <summary>Answers for a name from now on.</summary>
    /// <param name="name">A valid name that is not answered for yet.</param>
    /// <param name="address">Its address; the port is of no matter.</param>
    /// <param name="links">Where it is answered for.</param>
    /// <returns>False if there is no link, or too many names.</returns>
    public bool TryPublish(string name, TransportAddress address, IReadOnlyList<TransportAddress> links)
    {
        if (links.Count == 0 || _names.Count >= MaxNames || !DnsName.IsValid(name))
        {
            return false;
        }

        var published = new PublishedName(name, address);
        foreach (var link in links)
        {
            published.Links.Add(new PublishedLink(published, link));
        }

        return _names.TryAdd(name, published);
    }

    /// <summary>Answers for a name no more; where it has been told, its end is told too (RFC 6762, 10.1).</summary>
    public void Withdraw(string name)
    {
        if (!_names.Remove(name, out var published))
        {
            return;
        }

        foreach (var link in published.Links)
        {
            _delayed.Remove(link);
            if (link.LastSent is not null)
            {
                Enqueue(new Answer(MulticastDns.ToGroup(link.Local), [(published, published.Type)]) { TimeToLiveSeconds = 0 });
            }
        }
    }

    /// <summary>Takes what has come in on a link. Everything but a query for a name of this responder is ignored.</summary>
    /// <param name="datagram">Borrowed.</param>
    /// <param name="path">The link, and who has sent it.</param>
    /// <param name="now">The time.</param>
    public void HandleDatagram(ReadOnlySpan<byte> datagram, in NetworkPath path, Instant now)
    {
        if (_names.Count == 0 || !DnsMessageView.TryParse(datagram, out var query) || query.IsResponse || !query.IsStandard)
        {
            return;
        }

        // RFC 6762 6.7: whoever asks from another port is a plain resolver, and gets a plain answer.
        var isLegacy = path.Remote.Port != MulticastDns.Port;
        List<(PublishedName Name, DnsRecordType Type)>? wanted = null;
        var questions = 0;
        foreach (var question in query.Questions)
        {
            if (++questions > MaxQuestions)
            {
                break;
            }

            if (Find(question, path.Local) is { } link && !IsKnown(query, link.Name) && (isLegacy || MaySend(link, now)))
            {
                wanted ??= [];
                wanted.Add((link.Name, question.Type == DnsRecordType.Any ? link.Name.Type : question.Type));
                link.LastSent = isLegacy ? link.LastSent : now;
            }
        }

        if (wanted is null)
        {
            return;
        }

        // RFC 6762 5.4 would answer some questions by unicast. Deviation: several programs share the port, and unicast reaches one of them only.
        Enqueue(isLegacy
            ? new Answer(path, wanted) { LegacyId = query.Id, TimeToLiveSeconds = LegacyTimeToLiveSeconds }
            : new Answer(MulticastDns.ToGroup(path.Local), wanted) { TimeToLiveSeconds = TimeToLiveSeconds });
    }

    /// <summary>Sends what had to wait.</summary>
    public void HandleTimeout(Instant now)
    {
        for (var i = _delayed.Count - 1; i >= 0; i--)
        {
            var link = _delayed[i];
            if (link.LastSent + MinInterval <= now)
            {
                _delayed.RemoveAt(i);
                link.LastSent = now;
                Enqueue(new Answer(MulticastDns.ToGroup(link.Local), [(link.Name, link.Name.Type)]) { TimeToLiveSeconds = TimeToLiveSeconds });
            }
        }
    }

    /// <summary>Writes the next answer.</summary>
    /// <param name="destination">At least <see cref="MulticastDns.MaxMessageLength"/> bytes.</param>
    /// <param name="transmit">Its length and path.</param>
    public bool TryPollTransmit(Span<byte> destination, out Transmit transmit)
    {
        if (!_answers.TryDequeue(out var answer))
        {
            transmit = default;
            return false;
        }

        transmit = new Transmit(answer.Write(destination[..MulticastDns.MaxMessageLength]), answer.Path);
        return true;
    }

    private static bool IsKnown(scoped in DnsMessageView query, PublishedName name)
    {
        // RFC 6762 7.1: who knows the answer, for half of its time at least, need not be told.
        foreach (var record in query.Records)
        {
            if (record.Section == DnsSection.Answer && record.TimeToLiveSeconds >= TimeToLiveSeconds / 2
                && record.TryGetAddress(out var address) && address.HasSameAddress(name.Address) && record.Name.Is(name.Name))
            {
                return true;
            }
        }

        return false;
    }

    private PublishedLink? Find(scoped in DnsQuestionView question, TransportAddress local)
    {
        Span<char> text = stackalloc char[DnsFormat.MaxNameLength];
        return question.IsInternet && question.Type is DnsRecordType.A or DnsRecordType.Aaaa or DnsRecordType.Any
            && question.Name.TryFormat(text, out var length) && _names.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text[..length], out var name)
            ? name.Links.Find(link => link.Local == local)
            : null;
    }

    private bool MaySend(PublishedLink link, Instant now)
    {
        // Both families are often asked for in one message: they are one answer.
        if (link.LastSent is not { } last || last == now || now - last >= MinInterval)
        {
            return true;
        }

        if (!_delayed.Contains(link) && _delayed.Count < MaxAnswers)
        {
            _delayed.Add(link);
        }

        return false;
    }

    private void Enqueue(Answer answer)
    {
        if (_answers.Count < MaxAnswers)
        {
            _answers.Enqueue(answer);
        }
    }

    /// <summary>A name with its one address.</summary>
    private sealed class PublishedName(string name, TransportAddress address)
    {
        public string Name { get; } = name;

        public TransportAddress Address { get; } = address;

        public DnsRecordType Type => Address.IsIPv4 ? DnsRecordType.A : DnsRecordType.Aaaa;

        public List<PublishedLink> Links { get; } = [];
    }

    /// <summary>A name on one of its links.</summary>
    private sealed class PublishedLink(PublishedName name, TransportAddress local)
    {
        public PublishedName Name { get; } = name;

        public TransportAddress Local { get; } = local;

        public Instant? LastSent { get; set; }
    }

    /// <summary>A message that waits to be sent.</summary>
    private sealed class Answer(NetworkPath path, List<(PublishedName Name, DnsRecordType Type)> wanted)
    {
        public NetworkPath Path { get; } = path;

        public ushort? LegacyId { get; init; }

        public uint TimeToLiveSeconds { get; init; }

        public int Write(Span<byte> destination)
        {
            var writer = new DnsMessageWriter(destination, LegacyId ?? 0, DnsFormat.ResponseFlag | DnsFormat.AuthoritativeFlag);
            var isUnique = LegacyId is null;
            if (!isUnique)
            {
                // RFC 6762 6.7: a plain resolver wants its question back.
                foreach (var (name, type) in wanted)
                {
                    writer.TryAddQuestion(name.Name, type);
                }
            }

            // RFC 6762 6.1: that a name has no address of the other family is said in place of leaving the question open.
            foreach (var (name, type) in wanted)
            {
                _ = type == name.Type
                    ? writer.TryAddAddress(DnsSection.Answer, name.Name, name.Address, TimeToLiveSeconds, isUnique)
                    : writer.TryAddOnlyType(DnsSection.Answer, name.Name, name.Type, TimeToLiveSeconds, isUnique);
            }

            foreach (var (name, type) in wanted.DistinctBy(static w => w.Name.Name))
            {
                if (wanted.TrueForAll(w => w.Name != name || w.Type == type))
                {
                    _ = type == name.Type
                        ? writer.TryAddOnlyType(DnsSection.Additional, name.Name, name.Type, TimeToLiveSeconds, isUnique)
                        : writer.TryAddAddress(DnsSection.Additional, name.Name, name.Address, TimeToLiveSeconds, isUnique);
                }
            }

            return writer.Length;
        }
    }
}
