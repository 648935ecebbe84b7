using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using WebRtcCore.Primitives;

namespace WebRtcCore.Ice;

/// <summary>The grammar of <c>a=candidate</c> (RFC 8839, 5.1; RFC 6544 for TCP).</summary>
internal static class IceCandidateText
{
    private const int MaxLength = 1024;
    private const int MaxFoundationLength = 32;
    private const int MaxComponent = 256;
    private static readonly SearchValues<char> IPv4Chars = SearchValues.Create("0123456789.");

    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out IceCandidate? candidate)
    {
        candidate = null;
        if (text.Length > MaxLength || text.ContainsAnyExceptInRange(' ', '~'))
        {
            return false;
        }

        var tokens = new Tokens(WithoutPrefix(text));
        if (!tokens.TryNext(out var foundation) || foundation.Length > MaxFoundationLength
            || !tokens.TryNextNumber(MaxComponent, out var component) || component == 0
            || !tokens.TryNext(out var transport) || !TryParseProtocol(transport, out var protocol)
            || !tokens.TryNextNumber(uint.MaxValue, out var priority)
            || !tokens.TryNext(out var address)
            || !tokens.TryNextNumber(ushort.MaxValue, out var port)
            || !tokens.TryNext(out var typ) || !typ.SequenceEqual("typ")
            || !tokens.TryNext(out var typeName) || !TryParseType(typeName, out var type))
        {
            return false;
        }

        var isLiteral = TryParseAddress(address, (int)port, out var transportAddress);
        return TryParseExtensions(tokens, new IceCandidate
        {
            Foundation = foundation.ToString(),
            Component = (int)component,
            Protocol = protocol,
            Priority = (uint)priority,
            Address = transportAddress,
            HostName = isLiteral ? null : address.ToString(),
            Port = (int)port,
            Type = type,
        }, out candidate);
    }

    public static string NameOf(IceCandidateType type) => type switch
    {
        IceCandidateType.Host => "host",
        IceCandidateType.ServerReflexive => "srflx",
        IceCandidateType.PeerReflexive => "prflx",
        _ => "relay",
    };

    public static string NameOf(TransportProtocol protocol) => protocol == TransportProtocol.Udp ? "udp" : "tcp";

    public static string NameOf(IceTcpType type) => type switch
    {
        IceTcpType.Active => "active",
        IceTcpType.Passive => "passive",
        _ => "so",
    };

    public static string RequireToken(string value, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(value, name);
        return value.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? throw new ArgumentException("Only printable ASCII without spaces can stand in a candidate line.", name)
            : value;
    }

    public static string RequireOneLine(string value, string name)
    {
        ArgumentNullException.ThrowIfNull(value, name);
        return value.AsSpan().ContainsAnyExceptInRange(' ', '~')
            ? throw new ArgumentException("Only printable ASCII can stand in a candidate line.", name)
            : value;
    }

    /// <summary>The literal without port and scope: a scope means nothing to the peer.</summary>
    public static string ToIPAddressText(this TransportAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        var length = address.WriteAddressBytes(bytes);
        return new IPAddress(bytes[..length]).ToString();
    }

    private static ReadOnlySpan<char> WithoutPrefix(ReadOnlySpan<char> text)
    {
        text = text.Trim(' ');
        if (text.StartsWith("a="))
        {
            text = text[2..];
        }

        return text.StartsWith("candidate:", StringComparison.OrdinalIgnoreCase) ? text["candidate:".Length..] : text;
    }

    private static bool TryParseExtensions(Tokens tokens, IceCandidate parsed, [NotNullWhen(true)] out IceCandidate? candidate)
    {
        candidate = null;
        TransportAddress? related = null;
        ReadOnlySpan<char> relatedAddress = default;
        IceTcpType? tcpType = null;
        string? usernameFragment = null;
        var others = new List<string>();
        while (tokens.TryNext(out var name))
        {
            if (!tokens.TryNext(out var value))
            {
                return false;
            }

            switch (name)
            {
                case "raddr":
                    relatedAddress = value;
                    break;
                case "rport":
                    if (!TryParseNumber(value, ushort.MaxValue, out var port))
                    {
                        return false;
                    }

                    // Privacy-minded agents write a name or "0.0.0.0 0" here; what is no literal is left out.
                    related = TryParseAddress(relatedAddress, (int)port, out var address) ? address : null;
                    break;
                case "tcptype":
                    tcpType = ParseTcpType(value);
                    break;
                case "ufrag":
                    usernameFragment = value.ToString();
                    break;
                default:
                    others.Add(name.ToString());
                    others.Add(value.ToString());
                    break;
            }
        }

        candidate = parsed with
        {
            RelatedAddress = related,
            TcpType = tcpType,
            UsernameFragment = usernameFragment,
            Extensions = string.Join(' ', others),
        };
        return true;
    }

    // IPAddress also accepts "1" and "0x7f.1": a candidate's IPv4 literal has four decimal parts. A scope (%) is the peer's own affair.
    private static bool TryParseAddress(ReadOnlySpan<char> text, int port, out TransportAddress address)
    {
        address = default;
        var looksLikeLiteral = text.Contains(':')
            ? !text.ContainsAny('%', '[', ']')
            : text.Count('.') == 3 && !text.ContainsAnyExcept(IPv4Chars);
        return looksLikeLiteral && TransportAddress.TryParse(text, port, out address);
    }

    private static bool TryParseProtocol(ReadOnlySpan<char> text, out TransportProtocol protocol)
    {
        protocol = text.Equals("tcp", StringComparison.OrdinalIgnoreCase) ? TransportProtocol.Tcp : TransportProtocol.Udp;
        return protocol == TransportProtocol.Tcp || text.Equals("udp", StringComparison.OrdinalIgnoreCase);
    }

    private static bool TryParseType(ReadOnlySpan<char> text, out IceCandidateType type)
    {
        IceCandidateType? parsed = text switch
        {
            "host" => IceCandidateType.Host,
            "srflx" => IceCandidateType.ServerReflexive,
            "prflx" => IceCandidateType.PeerReflexive,
            "relay" => IceCandidateType.Relay,
            _ => null,
        };
        type = parsed.GetValueOrDefault();
        return parsed is not null;
    }

    private static IceTcpType? ParseTcpType(ReadOnlySpan<char> text) => text switch
    {
        "active" => IceTcpType.Active,
        "passive" => IceTcpType.Passive,
        "so" => IceTcpType.SimultaneousOpen,
        _ => null,
    };

    private static bool TryParseNumber(ReadOnlySpan<char> text, long maximum, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= maximum;

    /// <summary>Tokens separated by one or more spaces.</summary>
    private ref struct Tokens(ReadOnlySpan<char> text)
    {
        private ReadOnlySpan<char> _rest = text;

        public bool TryNext(out ReadOnlySpan<char> token)
        {
            _rest = _rest.TrimStart(' ');
            var end = _rest.IndexOf(' ');
            token = end < 0 ? _rest : _rest[..end];
            _rest = end < 0 ? default : _rest[end..];
            return token.Length > 0;
        }

        public bool TryNextNumber(long maximum, out long number)
        {
            number = 0;
            return TryNext(out var token) && TryParseNumber(token, maximum, out number);
        }
    }
}
