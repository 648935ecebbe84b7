using System.Globalization;
using System.Text;
using WebRtcCore.Primitives;

namespace WebRtcCore.Ice;

/// <summary>
/// A candidate as it is signalled: the value of SDP's <c>a=candidate</c> line (RFC 8839, 5.1).
/// Immutable; two candidates with the same fields are equal.
/// </summary>
public sealed record IceCandidate
{
    /// <summary>Groups candidates that are likely to work or fail together: 1 to 32 ice-chars.</summary>
    /// <exception cref="ArgumentException">The text is empty or holds a space or a control character.</exception>
    public required string Foundation { get; init => field = IceCandidateText.RequireToken(value, nameof(Foundation)); }

    /// <summary>1 for RTP and everything multiplexed with it, 2 for a separate RTCP port.</summary>
    public int Component { get; init; } = 1;

    /// <summary>What carries the datagrams.</summary>
    public TransportProtocol Protocol { get; init; } = TransportProtocol.Udp;

    /// <summary>The larger the better (RFC 8445, 5.1.2.1).</summary>
    public required uint Priority { get; init; }

    /// <summary>Where to reach the candidate; the default value (no address) if only <see cref="HostName"/> is known.</summary>
    public required TransportAddress Address { get; init; }

    /// <summary>A name in the place of the address, such as an mDNS <c>.local</c> name, or <see langword="null"/>. Where both are known, the name is what is told.</summary>
    /// <exception cref="ArgumentException">The text is empty or holds a space or a control character.</exception>
    public string? HostName { get; init => field = value is null ? null : IceCandidateText.RequireToken(value, nameof(HostName)); }

    /// <summary>The port that belongs to <see cref="HostName"/>, 0 to 65535; otherwise that of <see cref="Address"/>.</summary>
    public int Port
    {
        get => Address.IsNone ? field : Address.Port;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, ushort.MaxValue);
            field = value;
        }
    }

    /// <summary>How the candidate was learned.</summary>
    public required IceCandidateType Type { get; init; }

    /// <summary>The base of a reflexive candidate, or the mapped address of a relayed one; for diagnostics only.</summary>
    public TransportAddress? RelatedAddress { get; init; }

    /// <summary>How the TURN server of a local relayed candidate is spoken to. Known on this side only: it is not signalled.</summary>
    public IceRelayProtocol? RelayProtocol { get; init; }

    /// <summary>The URL of the server that a local candidate comes from. Known on this side only: it is not signalled.</summary>
    public string? ServerUrl { get; init; }

    /// <summary>The end of the connection, for TCP candidates.</summary>
    public IceTcpType? TcpType { get; init; }

    /// <summary>The user name fragment of the generation that the candidate belongs to, if it is stated.</summary>
    /// <exception cref="ArgumentException">The text is empty or holds a space or a control character.</exception>
    public string? UsernameFragment { get; init => field = value is null ? null : IceCandidateText.RequireToken(value, nameof(UsernameFragment)); }

    /// <summary>Further name-value pairs as they stood, separated by single spaces: <c>generation 0 network-cost 50</c>. Empty if there are none.</summary>
    /// <exception cref="ArgumentException">The text holds a control character.</exception>
    public string Extensions { get; init => field = IceCandidateText.RequireOneLine(value, nameof(Extensions)); } = "";

    /// <summary>
    /// Parses the value of an <c>a=candidate</c> line, with or without <c>a=</c> in front. Never throws.
    /// Unknown extensions are kept; an unknown transport or candidate type is refused, as RFC 8839 5.1 has such lines ignored.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> candidateAttributeValue, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out IceCandidate? candidate) =>
        IceCandidateText.TryParse(candidateAttributeValue, out candidate);

    /// <summary>The value of the extension <paramref name="name"/>, or <see langword="null"/>.</summary>
    public string? GetExtension(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var isName = true;
        var found = false;
        foreach (var range in Extensions.AsSpan().Split(' '))
        {
            var token = Extensions.AsSpan()[range];
            if (!isName && found)
            {
                return token.ToString();
            }

            found = isName && token.SequenceEqual(name);
            isName = !isName;
        }

        return null;
    }

    /// <summary>The value of the SDP attribute, <c>candidate:...</c> without <c>a=</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(128);
        text.Append(CultureInfo.InvariantCulture, $"candidate:{Foundation} {Component} {IceCandidateText.NameOf(Protocol)} {Priority} ");
        // What is hidden behind a name is not told.
        text.Append(HostName ?? Address.ToIPAddressText());
        text.Append(CultureInfo.InvariantCulture, $" {Port} typ {IceCandidateText.NameOf(Type)}");
        if (RelatedAddress is { IsNone: false } related)
        {
            text.Append(CultureInfo.InvariantCulture, $" raddr {related.ToIPAddressText()} rport {related.Port}");
        }

        if (TcpType is { } tcpType)
        {
            text.Append(" tcptype ").Append(IceCandidateText.NameOf(tcpType));
        }

        if (UsernameFragment is not null)
        {
            text.Append(" ufrag ").Append(UsernameFragment);
        }

        if (Extensions.Length > 0)
        {
            text.Append(' ').Append(Extensions);
        }

        return text.ToString();
    }
}
