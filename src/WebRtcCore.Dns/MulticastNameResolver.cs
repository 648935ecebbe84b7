using WebRtcCore.Primitives;

namespace WebRtcCore.Dns;

/// <summary>
/// Finds the addresses of names by asking everybody on the link (RFC 6762, 5), sans-IO. Each name is asked for at once, after one second and after
/// three, and given up after five. The first answer decides.
/// </summary>
/// <remarks>
/// <code>
/// --TryResolve--> Asking --answer--> result with an address
///                   |----time limit--> result without one
///                   `----Forget----> nothing
/// </code>
/// </remarks>
internal sealed class MulticastNameResolver
{
    /// <summary>No more names than this are looked for at once; further ones are refused.</summary>
    public const int MaxNames = 256;

    /// <summary>No more links than this are asked for a name.</summary>
    public const int MaxLinks = 32;

    /// <summary>A name that nobody has told by then is not found.</summary>
    public static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(5);

    // RFC 6762 5.2: a second at least between the first two, then doubling.
    private static readonly TimeSpan FirstInterval = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, Search> _searches = new(StringComparer.OrdinalIgnoreCase);
    private readonly Queue<(string Name, DnsRecordType Type, TransportAddress Link)> _questions = new();
    private readonly Queue<MulticastNameResult> _results = new();

    /// <summary>Names being looked for.</summary>
    public int Count => _searches.Count;

    /// <summary>When to call <see cref="HandleTimeout"/>.</summary>
    public Instant? NextTimeout
    {
        get
        {
            Instant? next = null;
            foreach (var search in _searches.Values)
            {
                next = Instant.Earliest(next, Instant.Earliest(search.GiveUpAt, search.AskAt));
            }

            return next;
        }
    }

    /// <summary>Begins to look for a name. One that is looked for already is asked for on the new links too.</summary>
    /// <param name="name">A valid name.</param>
    /// <param name="links">Where to ask.</param>
    /// <param name="now">The time.</param>
    /// <returns>False, and nothing follows, if there is no link or too much is looked for already.</returns>
    public bool TryResolve(string name, IReadOnlyList<TransportAddress> links, Instant now)
    {
        if (links.Count == 0 || !DnsName.IsValid(name))
        {
            return false;
        }

        if (!_searches.TryGetValue(name, out var search))
        {
            if (_searches.Count >= MaxNames)
            {
                return false;
            }

            search = new Search(name) { GiveUpAt = now + TimeLimit, AskAt = now + FirstInterval, Interval = FirstInterval };
            _searches.Add(name, search);
        }

        foreach (var link in links)
        {
            if (search.Links.Count < MaxLinks && !search.Links.Contains(link))
            {
                search.Links.Add(link);
                Ask(search, link);
            }
        }

        return true;
    }

    /// <summary>Looks for a name no more; there will be no result.</summary>
    public void Forget(string name) => _searches.Remove(name);

    /// <summary>Takes what has come in on a link. Everything but an answer to what is asked is ignored.</summary>
    /// <param name="datagram">Borrowed.</param>
    /// <param name="path">The link, and who has sent it.</param>
    public void HandleDatagram(ReadOnlySpan<byte> datagram, in NetworkPath path)
    {
        // RFC 6762 6: an answer comes from the port of multicast DNS, or it is none.
        if (_searches.Count == 0 || path.Remote.Port != MulticastDns.Port
            || !DnsMessageView.TryParse(datagram, out var message)
            || !message.IsResponse || !message.IsStandard || message.ResponseCode != DnsResponseCode.NoError)
        {
            return;
        }

        Span<char> text = stackalloc char[DnsFormat.MaxNameLength];
        var byText = _searches.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var record in message.Records)
        {
            if (record.IsInternet && record.TimeToLiveSeconds > 0 && record.TryGetAddress(out var address)
                && record.Name.TryFormat(text, out var length) && byText.TryGetValue(text[..length], out var search) && search.Links.Contains(path.Local))
            {
                search.Offer(address.IsLinkLocal ? WithScope(address, path.Local.ScopeId) : address);
            }
        }

        Conclude(static search => !search.Address.IsNone);
    }

    /// <summary>Asks again, or gives up.</summary>
    public void HandleTimeout(Instant now)
    {
        foreach (var search in _searches.Values)
        {
            if (search.AskAt <= now)
            {
                search.Interval *= 2;
                search.AskAt = now + search.Interval;
                foreach (var link in search.Links)
                {
                    Ask(search, link);
                }
            }
        }

        Conclude(search => search.GiveUpAt <= now);
    }

    /// <summary>Writes the next query.</summary>
    /// <param name="destination">At least <see cref="MulticastDns.MaxMessageLength"/> bytes.</param>
    /// <param name="transmit">Its length and path.</param>
    public bool TryPollTransmit(Span<byte> destination, out Transmit transmit)
    {
        while (_questions.TryDequeue(out var question))
        {
            if (!_searches.ContainsKey(question.Name))
            {
                continue;
            }

            var writer = new DnsMessageWriter(destination, id: 0, flags: 0);
            writer.TryAddQuestion(question.Name, question.Type);
            transmit = new Transmit(writer.Length, MulticastDns.ToGroup(question.Link));
            return true;
        }

        transmit = default;
        return false;
    }

    /// <summary>Takes the next result.</summary>
    public bool TryPollResult(out MulticastNameResult result) => _results.TryDequeue(out result);

    // Each question in a message of its own: Chromium does not read a query that has more than one. A link has either family, and a name of a candidate exactly one address.
    private void Ask(Search search, TransportAddress link)
    {
        _questions.Enqueue((search.Name, DnsRecordType.Aaaa, link));
        _questions.Enqueue((search.Name, DnsRecordType.A, link));
    }

    private static TransportAddress WithScope(TransportAddress address, long scopeId)
    {
        Span<byte> bytes = stackalloc byte[16];
        return TransportAddress.FromBytes(bytes[..address.WriteAddressBytes(bytes)], 0, scopeId);
    }

    private void Conclude(Func<Search, bool> hasEnded)
    {
        foreach (var search in _searches.Values)
        {
            if (hasEnded(search))
            {
                _results.Enqueue(new MulticastNameResult(search.Name, search.Address));
                _searches.Remove(search.Name);
            }
        }
    }

    /// <summary>A name being looked for.</summary>
    private sealed class Search(string name)
    {
        public string Name { get; } = name;

        public List<TransportAddress> Links { get; } = [];

        public Instant GiveUpAt { get; init; }

        public Instant AskAt { get; set; }

        public TimeSpan Interval { get; set; }

        public TransportAddress Address { get; private set; }

        // Deviation: the draft, 3.2.2, ignores names with several addresses. Here the first IPv6 one counts, or else the first IPv4 one: the peer may be on both. One that
        // is good for this link only comes last.
        public void Offer(TransportAddress address)
        {
            if (!address.IsAny && (Address.IsNone || Rank(address) < Rank(Address)))
            {
                Address = address;
            }
        }

        private static int Rank(TransportAddress address) => address.IsLinkLocal ? 2 : address.IsIPv4 ? 1 : 0;
    }
}
