using System.Diagnostics.CodeAnalysis;
using System.Net;
using Arguments;
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
        if (!CommandLine.TrySplit(args, [], ["--urls", "--address", "--stun"], out var given, out error))
        {
            return false;
        }

        foreach (var (name, value) in given)
        {
            (options, error) = options.With(name, value);
            if (error is not null)
            {
                return false;
            }
        }

        return true;
    }

    private (EchoOptions Options, string? Error) With(string name, string value)
    {
        switch (name)
        {
            case CommandLine.Help:
                return (this with { ShowHelp = true }, null);
            case "--urls":
                return (this with { Urls = value }, CommandLine.CheckUrls(value));
            case "--address":
                return IPAddress.TryParse(value, out var address)
                    ? (this with { Addresses = [.. Addresses, address] }, null)
                    : (this, $"'{value}' is no IP address.");
            default:
                return (this with { StunUrl = value }, CommandLine.CheckStunUrl(value));
        }
    }
}
