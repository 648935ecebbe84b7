using WebRtcCore;

namespace IceTrickle;

/// <summary>What is to be gathered.</summary>
internal sealed record TrickleRequest
{
    public const int MaxServers = 8;

    public IReadOnlyList<TrickleServer> Servers { get; init => field = value ?? []; } = [];

    public bool RelayOnly { get; init; }

    /// <summary>The configuration of the connection that gathers.</summary>
    public PeerConnectionConfiguration ToConfiguration() => new()
    {
        IceServers = [.. Servers.Select(server => new IceServer(server.Url) { Username = server.Username, Credential = server.Credential })],
        IceTransportPolicy = RelayOnly ? IceTransportPolicy.Relay : IceTransportPolicy.All,
    };

    /// <summary>Why it cannot be gathered like this; <see langword="null"/> if it can.</summary>
    public string? FindFault()
    {
        if (Servers.Count > MaxServers)
        {
            return $"At most {MaxServers} servers can be asked at once.";
        }

        foreach (var server in Servers)
        {
            if (string.IsNullOrEmpty(server?.Url))
            {
                return "A server has a URL.";
            }

            var isTurn = server.Url.StartsWith("turn", StringComparison.OrdinalIgnoreCase);
            if (isTurn && (string.IsNullOrEmpty(server.Username) || server.Credential is null))
            {
                return $"{server.Url} needs a user name and a password.";
            }
        }

        return null;
    }
}
