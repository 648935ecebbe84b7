using System.Globalization;
using System.Net;
using WebRtcCore.Primitives;

namespace WebRtcCore.Transport;

/// <summary>The URL of a STUN or TURN server (RFC 7064, RFC 7065).</summary>
/// <param name="Scheme">What kind of server.</param>
/// <param name="Host">A name, or an IP literal without brackets.</param>
/// <param name="Port">1 to 65535.</param>
/// <param name="Transport">How TURN is carried.</param>
internal sealed record IceServerUrl(IceServerScheme Scheme, string Host, int Port, TransportProtocol Transport)
{
    private const int DefaultPort = 3478;
    private const int DefaultTlsPort = 5349;
    private const int MaxHostLength = 255;

    /// <summary>Whether the URL names the port: without one, SRV records may (RFC 8489, 8; RFC 5928).</summary>
    public bool HasPort { get; init; }

    /// <summary>Parses <c>stun:host[:port]</c> or <c>turn:host[:port][?transport=udp|tcp]</c>, with or without the <c>s</c>.</summary>
    public static bool TryParse(string? text, out IceServerUrl? url)
    {
        url = null;
        var colon = text?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        if (colon < 0 || !Enum.TryParse<IceServerScheme>(text.AsSpan(0, colon), ignoreCase: true, out var scheme) || !char.IsAsciiLetter(text![0]))
        {
            return false;
        }

        var isTls = scheme is IceServerScheme.Stuns or IceServerScheme.Turns;
        var isTurn = scheme is IceServerScheme.Turn or IceServerScheme.Turns;
        var rest = text.AsSpan(colon + 1);
        var transport = isTls ? TransportProtocol.Tcp : TransportProtocol.Udp;
        var question = rest.IndexOf('?');
        if (question >= 0)
        {
            // RFC 7064 has no query; RFC 7065 has this one.
            if (!isTurn || !TryParseTransport(rest[(question + 1)..], out transport))
            {
                return false;
            }

            rest = rest[..question];
        }

        if (!TrySplit(rest, isTls ? DefaultTlsPort : DefaultPort, out var host, out var port, out var hasPort))
        {
            return false;
        }

        url = new IceServerUrl(scheme, host, port, transport) { HasPort = hasPort };
        return true;
    }

    private static bool TryParseTransport(ReadOnlySpan<char> query, out TransportProtocol transport)
    {
        transport = query.Equals("transport=tcp", StringComparison.OrdinalIgnoreCase) ? TransportProtocol.Tcp : TransportProtocol.Udp;
        return transport == TransportProtocol.Tcp || query.Equals("transport=udp", StringComparison.OrdinalIgnoreCase);
    }

    private static bool TrySplit(ReadOnlySpan<char> text, int defaultPort, out string host, out int port, out bool hasPort)
    {
        hasPort = false;
        host = "";
        port = defaultPort;
        int end;
        if (text.StartsWith('['))
        {
            end = text.IndexOf(']');

            // IPAddress takes any text behind a percent sign for a zone; a URL has none (RFC 3986, 3.2.2).
            if (end < 0 || text[..end].Contains('%') || !IPAddress.TryParse(text[1..end], out var literal) || literal.GetAddressBytes().Length != 16)
            {
                return false;
            }

            host = text[1..end].ToString();
            end++;
        }
        else
        {
            end = text.IndexOf(':');
            end = end < 0 ? text.Length : end;
            if (!IsName(text[..end]))
            {
                return false;
            }

            host = text[..end].ToString();
        }

        var tail = text[end..];
        hasPort = tail.Length > 0;
        return tail.Length == 0
            || (tail[0] == ':' && int.TryParse(tail[1..], NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= 65_535);
    }

    // Letters, digits, hyphens and dots are what resolves; an underscore occurs in the wild.
    private static bool IsName(ReadOnlySpan<char> name)
    {
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.' or '_'))
            {
                return false;
            }
        }

        return name.Length is > 0 and <= MaxHostLength;
    }
}
