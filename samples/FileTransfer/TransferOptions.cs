using System.Diagnostics.CodeAnalysis;
using System.Net;
using Arguments;
using WebRtcCore;

namespace FileTransfer;

/// <summary>What the command line asks for.</summary>
internal sealed record TransferOptions
{
    public const string Usage = """
        Exchanges files with browsers, or with another process of its kind, peer to peer.

        Usage: dotnet run --project samples/FileTransfer -- [options]

          --send FILE      a file to offer to whoever connects; may be repeated
          --receive DIR    where to put the files that come in (default: the folder 'received', if neither
                           --send nor --connect is given; otherwise none is taken); --directory is the same
          --connect URL    connects to a process that serves at http://host:port, exchanges the files,
                           and ends when all of them are there
          --urls URLS      where to serve the page, several separated by ';' (default http://localhost:8080)
          --address IP     a local address to offer to peers; may be repeated (default: all, loopback included)
          --stun URL       a STUN server that tells the public address, for example stun:stun.example.org:3478
          --keys           reads the key c from the standard input even if that is no terminal
          --help           shows this text

        The key c cancels the transfers that run. What Ctrl-C or a lost connection interrupts is resumed the
        next time. Exit codes of --connect: 0 all files have arrived and their SHA-256 is right, 1 something has
        not, 130 interrupted. Arguments that make no sense end with 2.
        """;

    /// <summary>As many files may be given to --send.</summary>
    public const int MaxFiles = 100;

    private const string DefaultUrls = "http://localhost:8080";
    private const string DefaultReceiveDirectory = "received";

    public string Urls { get; private init; } = DefaultUrls;

    public IReadOnlyList<IPAddress> Addresses { get; private init; } = [];

    public string? StunUrl { get; private init; }

    public IReadOnlyList<FileInfo> Files { get; private init; } = [];

    /// <summary>Where incoming files go, or <see langword="null"/> where none is taken.</summary>
    public string? ReceiveDirectory { get; private init; }

    /// <summary>The process to connect to, or <see langword="null"/> to serve.</summary>
    public Uri? ConnectUrl { get; private init; }

    /// <summary>Whether keys are read from an input that is no terminal.</summary>
    public bool Keys { get; private init; }

    public bool ShowHelp { get; private init; }

    public PeerConnectionConfiguration Configuration => new() { IceServers = StunUrl is null ? [] : [new IceServer(StunUrl)] };

    /// <summary>Reads the arguments; <paramref name="error"/> is a sentence where they make no sense.</summary>
    public static bool TryParse(string[] args, out TransferOptions options, [NotNullWhen(false)] out string? error)
    {
        options = new TransferOptions();
        if (!CommandLine.TrySplit(args, ["--keys"], ["--send", "--receive", "--directory", "--connect", "--urls", "--address", "--stun"], out var given, out error))
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

        (options, error) = options.Complete();
        return error is null;
    }

    private (TransferOptions Options, string? Error) With(string name, string value)
    {
        switch (name)
        {
            case CommandLine.Help:
                return (this with { ShowHelp = true }, null);
            case "--keys":
                return (this with { Keys = true }, null);
            case "--send":
                var file = new FileInfo(value);
                if (!file.Exists)
                {
                    return (this, $"There is no file '{value}'.");
                }

                return Files.Any(f => f.FullName == file.FullName) ? (this, null) : (this with { Files = [.. Files, file] }, null);
            case "--receive" or "--directory":
                return File.Exists(value) ? (this, $"'{value}' is a file, not a folder.") : (this with { ReceiveDirectory = value }, null);
            case "--connect":
                return Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
                    ? (this with { ConnectUrl = uri }, null)
                    : (this, $"'{value}' is no address like http://host:8080.");
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

    private (TransferOptions Options, string? Error) Complete()
    {
        if (Files.Count > MaxFiles)
        {
            return (this, $"At most {MaxFiles} files can be offered at once.");
        }

        bool asksForNothing = Files.Count == 0 && ReceiveDirectory is null;
        if (ConnectUrl is not null)
        {
            return (this, asksForNothing && !ShowHelp ? "--connect needs --send, --receive or both." : null);
        }

        // A process that was started to give files away takes none from strangers.
        return (asksForNothing ? this with { ReceiveDirectory = DefaultReceiveDirectory } : this, null);
    }
}
