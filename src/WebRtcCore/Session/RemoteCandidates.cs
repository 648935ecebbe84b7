using WebRtcCore.Dns;
using WebRtcCore.Ice;
using WebRtcCore.Primitives;

namespace WebRtcCore.Session;

/// <summary>
/// The peer's candidates on their way to the agent: those with an address go at once, those with a <c>.local</c> name when the name is resolved
/// (draft-ietf-mmusic-mdns-ice-candidates, 3.2). The end of candidates waits for the names. Other names are never looked up.
/// </summary>
internal sealed class RemoteCandidates(IceAgent ice)
{
    /// <summary>No more names than this are looked up in one ICE generation; candidates with further names are dropped.</summary>
    public const int MaxNames = 16;

    /// <summary>No more candidates than this wait for names; further ones are dropped.</summary>
    public const int MaxWaiting = 64;

    private readonly Dictionary<string, TransportAddress?> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<Ice.IceCandidate> _waiting = [];
    private readonly Queue<string> _requests = new();
    private string? _generation;
    private bool _hasEnded;

    /// <summary>Whether the peer hides addresses behind names in this generation.</summary>
    public bool HasNames => _names.Count > 0;

    /// <summary>The peer's credentials are these now. With new ones everything begins anew; names may mean other addresses by then.</summary>
    public void Begin(string usernameFragment)
    {
        if (_generation is { } known && known != usernameFragment)
        {
            _names.Clear();
            _waiting.Clear();
            _requests.Clear();
            _hasEnded = false;
        }

        _generation = usernameFragment;
    }

    /// <summary>Takes a candidate.</summary>
    public void Add(Ice.IceCandidate candidate, Instant now)
    {
        // The address of an active TCP candidate is of no use: it is the one who connects (RFC 6544, 4.5).
        if (candidate is not { Address.IsNone: true, HostName: { } name, TcpType: not IceTcpType.Active } || !DnsName.IsMulticastCandidateName(name))
        {
            ice.AddRemoteCandidate(candidate, now);
            return;
        }

        if (!_names.TryGetValue(name, out var address))
        {
            if (_names.Count >= MaxNames)
            {
                return;
            }

            _names.Add(name, null);
            _requests.Enqueue(name);
        }

        if (address is { IsNone: false } known)
        {
            ice.AddRemoteCandidate(candidate with { Address = known.WithPort(candidate.Port) }, now);
        }
        else if (address is null && _waiting.Count < MaxWaiting)
        {
            _waiting.Add(candidate with { UsernameFragment = candidate.UsernameFragment ?? _generation });
        }
    }

    /// <summary>The peer has no more candidates in this generation.</summary>
    public void End(Instant now)
    {
        _hasEnded = true;
        EndIfAllAreKnown(now);
    }

    /// <summary>Takes the next name to be looked up; <see cref="OnResolved"/> is to follow.</summary>
    public bool TryPollRequest([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? name) => _requests.TryDequeue(out name);

    /// <summary>A name has been looked up.</summary>
    /// <param name="name">The name.</param>
    /// <param name="address">Its address; none if it was not found, and its candidates are ignored.</param>
    /// <param name="now">The time.</param>
    public void OnResolved(string name, TransportAddress address, Instant now)
    {
        if (!_names.TryGetValue(name, out var known) || known is not null)
        {
            return;
        }

        _names[name] = address;
        foreach (var candidate in _waiting.Where(c => string.Equals(c.HostName, name, StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            _waiting.Remove(candidate);
            if (!address.IsNone)
            {
                ice.AddRemoteCandidate(candidate with { Address = address.WithPort(candidate.Port) }, now);
            }
        }

        EndIfAllAreKnown(now);
    }

    private void EndIfAllAreKnown(Instant now)
    {
        if (_hasEnded && !_names.ContainsValue(null))
        {
            ice.SetRemoteEndOfCandidates(now);
        }
    }
}
