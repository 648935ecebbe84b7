using WebRtcCore.Primitives;

namespace WebRtcCore.Ice;

/// <summary>A TURN server to get relayed candidates from.</summary>
public sealed record TurnServer
{
    /// <summary>Its URL (RFC 7065), for reports.</summary>
    public required string Url { get; init; }

    /// <summary>Its resolved addresses, best first: of each family the next is tried when one does not answer. Empty if its name was not found, which is reported.</summary>
    public required IReadOnlyList<TransportAddress> Addresses { get; init; }

    /// <summary>How it is spoken to.</summary>
    public IceRelayProtocol Protocol { get; init; }

    /// <summary>The name that its TLS certificate must have.</summary>
    public string HostName { get; init; } = "";

    /// <summary>The user name of the long-term credentials.</summary>
    public string? Username { get; init; }

    /// <summary>The password of the long-term credentials.</summary>
    public string? Password { get; init; }

    /// <summary>Hides the credentials.</summary>
    public override string ToString() => Url;

    /// <summary>Whether another entry names the same server, spoken to in the same way as the same user.</summary>
    internal bool IsSameAs(TurnServer other) =>
        (Url, Protocol, Username, Password) == (other.Url, other.Protocol, other.Username, other.Password);
}
