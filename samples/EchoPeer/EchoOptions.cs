using System.Diagnostics.CodeAnalysis;
using System.Net;
using WebRtcCore;

namespace EchoPeer;

/// <summary>What the command line asks for.</summary>
internal sealed record EchoOptions
{
    public const string Usage = """
        Returns the audio, video and messages of every browser that calls.

        Usage: dotnet run --project samples/EchoPeer -- [options]

          --urls URLS      where to serve the page, several separated by ';' (default http://localhost:8080)
          --address IP     a local address to offer to browsers; may be repeated (default: all, loopback included)
          --stun URL       a STUN server that tells the public address, for example stun:stun.example.org:3478
          --help           shows this text

        The page uses the WebSocket /signal. Programs may POST a complete offer, {"type":"offer","sdp":"..."},
        to /offer and receive the complete answer.
        """;

    private const string DefaultUrls = "http://localhost:8080";

    public string Urls { get; private init; } = DefaultUrls;

    public IReadOnlyList<IPAddress> Addresses { get; private init; } = [];

    public string? StunUrl { get; private init; }

    public bool ShowHelp { get; private init; }

    public PeerConnectionConfiguration Configuration => new() { IceServers = StunUrl is null ? [] : [new IceServer(StunUrl)] };

    /// <summary>Reads the arguments; <paramref name="error"/> is a sentence where they make no sense.</summary>
    public static bool TryParse(string[] args, out EchoOptions options, [NotNullWhen(false)] out string? error)
    {
        options = new EchoOptions();
        error = null;
        for (int i = 0; i < args.Length; i++)
        {
            string name = args[i];
            string? value = null;
            int equals = name.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                value = name[(equals + 1)..];
                name = name[..equals];
            }

            if (name is "--help" or "-h" or "-?")
            {
                options = options with { ShowHelp = true };
                continue;
            }

            if (name is not ("--urls" or "--address" or "--stun"))
            {
                error = $"There is no option '{name}'.";
                return false;
            }

            value ??= ++i < args.Length ? args[i] : null;
            if (string.IsNullOrWhiteSpace(value))
            {
                error = $"The option '{name}' needs a value.";
                return false;
            }

            if (!options.TrySet(name, value, out options, out error))
            {
                return false;
            }
        }

        return true;
    }

    private bool TrySet(string name, string value, out EchoOptions changed, [NotNullWhen(false)] out string? error)
    {
        changed = this;
        error = null;
        switch (name)
        {
            case "--urls":
                if (!Array.TrueForAll(value.Split(';'), IsListenUrl))
                {
                    error = $"'{value}' is no list of addresses like http://localhost:8080.";
                    return false;
                }

                changed = this with { Urls = value };
                return true;
            case "--address":
                if (!IPAddress.TryParse(value, out var address))
                {
                    error = $"'{value}' is no IP address.";
                    return false;
                }

                changed = this with { Addresses = [.. Addresses, address] };
                return true;
            default:
                if (!value.StartsWith("stun:", StringComparison.OrdinalIgnoreCase))
                {
                    error = $"'{value}' is no STUN URL like stun:stun.example.org:3478.";
                    return false;
                }

                changed = this with { StunUrl = value };
                return true;
        }
    }

    private static bool IsListenUrl(string url)
    {
        try
        {
            return BindingAddress.Parse(url).Scheme is "http" or "https";
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
