using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using Arguments;
using WebRtcCore;

namespace IceTrickle;

/// <summary>What the command line asks for.</summary>
internal sealed record TrickleOptions
{
    public const string Usage = """
        Shows the ICE candidates of this machine, and what STUN and TURN servers make of it.

        Usage: dotnet run --project samples/IceTrickle -- [options]

          --server URL       a STUN or TURN server, as stun:stun.example.org or turns:turn.example.org?transport=tcp; may be repeated
          --user NAME        the user name for the server before it
          --password WORD    the password for the server before it
          --relay-only       gathers relayed candidates only
          --timeout SECONDS  how long to wait (default 10)
          --address IP       a local address to gather from; may be repeated (default: all but loopback)
          --hide             hides local addresses behind .local names, as browsers do
          --json             writes a JSON object a line in place of a table
          --serve            serves a page instead, which shows what this process and the browser gather side by side
          --urls URLS        where to serve it, several separated by ';' (default http://localhost:8080)
          --help             shows this text

        Ends with 0 if every server gave what it should, 1 if one did not, 2 if the options make no sense.
        """;

    private const int MaxTimeoutSeconds = 600;

    public TrickleRequest Request { get; private init; } = new();

    public TimeSpan TimeLimit { get; private init; } = TimeSpan.FromSeconds(10);

    public IReadOnlyList<IPAddress> Addresses { get; private init; } = [];

    public string Urls { get; private init; } = "http://localhost:8080";

    public bool IsHidden { get; private init; }

    public bool IsJson { get; private init; }

    public bool IsServing { get; private init; }

    public bool ShowHelp { get; private init; }

    public PeerConnectionOptions ConnectionOptions => new() { LocalAddresses = Addresses.Count > 0 ? Addresses : null, HideHostAddresses = IsHidden };

    /// <summary>Reads the arguments; <paramref name="error"/> is a sentence where they make no sense.</summary>
    public static bool TryParse(string[] args, out TrickleOptions options, [NotNullWhen(false)] out string? error)
    {
        options = new TrickleOptions();
        string[] flags = ["--relay-only", "--hide", "--json", "--serve"];
        string[] names = ["--server", "--user", "--password", "--timeout", "--address", "--urls"];
        if (!CommandLine.TrySplit(args, flags, names, out var given, out error))
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

        error = options.ShowHelp ? null : options.Request.FindFault();
        return error is null;
    }

    private (TrickleOptions Options, string? Error) With(string name, string value)
    {
        switch (name)
        {
            case CommandLine.Help:
                return (this with { ShowHelp = true }, null);
            case "--server":
                return (this with { Request = Request with { Servers = [.. Request.Servers, new TrickleServer(value)] } }, null);
            case "--user":
                return WithLast(name, server => server with { Username = value });
            case "--password":
                return WithLast(name, server => server with { Credential = value });
            case "--relay-only":
                return (this with { Request = Request with { RelayOnly = true } }, null);
            case "--timeout":
                return double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) && seconds is > 0 and <= MaxTimeoutSeconds
                    ? (this with { TimeLimit = TimeSpan.FromSeconds(seconds) }, null)
                    : (this, $"'{value}' is no number of seconds up to {MaxTimeoutSeconds}.");
            case "--address":
                return IPAddress.TryParse(value, out var address)
                    ? (this with { Addresses = [.. Addresses, address] }, null)
                    : (this, $"'{value}' is no IP address.");
            case "--hide":
                return (this with { IsHidden = true }, null);
            case "--json":
                return (this with { IsJson = true }, null);
            case "--serve":
                return (this with { IsServing = true }, null);
            default:
                return (this with { Urls = value }, CommandLine.CheckUrls(value));
        }
    }

    private (TrickleOptions Options, string? Error) WithLast(string name, Func<TrickleServer, TrickleServer> change) => Request.Servers.Count > 0
        ? (this with { Request = Request with { Servers = [.. Request.Servers.SkipLast(1), change(Request.Servers[^1])] } }, null)
        : (this, $"The option '{name}' follows a --server.");
}
