using System.Net;
using WebRtcCore.Primitives;

namespace WebRtcCore.Stun;

/// <summary>
/// Which peers a relay may reach. By default addresses of the Internet at large only: a relay that reaches its own host or network hands every user what is
/// behind the firewall.
/// </summary>
public sealed record TurnPeerRules
{
    /// <summary>Scopes that may be reached. <see cref="TurnPeerScope.NotAHost"/> never may.</summary>
    public IReadOnlySet<TurnPeerScope> AllowedScopes { get; init; } = new HashSet<TurnPeerScope> { TurnPeerScope.Global };

    /// <summary>Networks that may be reached whatever their scope.</summary>
    public IReadOnlyList<IPNetwork> AllowedNetworks { get; init; } = [];

    /// <summary>Networks that may not be reached, whatever else is said.</summary>
    public IReadOnlyList<IPNetwork> DeniedNetworks { get; init; } = [];

    /// <summary>Whether a peer may be reached.</summary>
    /// <param name="canonical">In the form that <see cref="TurnPeerAddress.TryCanonicalize"/> makes.</param>
    public bool Allows(TransportAddress canonical)
    {
        var scope = TurnPeerAddress.GetScope(canonical);
        if (scope == TurnPeerScope.NotAHost)
        {
            return false;
        }

        if (AllowedNetworks.Count == 0 && DeniedNetworks.Count == 0)
        {
            return AllowedScopes.Contains(scope);
        }

        var address = canonical.ToIPAddress();
        return !Contains(DeniedNetworks, address) && (AllowedScopes.Contains(scope) || Contains(AllowedNetworks, address));
    }

    private static bool Contains(IReadOnlyList<IPNetwork> networks, IPAddress address)
    {
        foreach (var network in networks)
        {
            if (network.Contains(address))
            {
                return true;
            }
        }

        return false;
    }
}
