using System.Net;
using Arguments;
using WebRtcCore;

namespace Calls;

/// <summary>What the command lines of all samples with calls ask for.</summary>
internal sealed record CallOptions
{
    /// <summary>The names of these options, for <see cref="CommandLine.TrySplit"/>.</summary>
    public static readonly string[] Names = ["--urls", "--address", "--stun"];

    /// <summary>Their part of a help text.</summary>
    public const string Usage = """
          --urls URLS      where to serve the page, several separated by ';' (default http://localhost:8080)
          --address IP     a local address to offer to browsers; may be repeated (default: all, loopback included)
          --stun URL       a STUN server that tells the public address, for example stun:stun.example.org:3478
          --help           shows this text
        """;

    public string Urls { get; private init; } = "http://localhost:8080";

    public IReadOnlyList<IPAddress> Addresses { get; private init; } = [];

    public string? StunUrl { get; private init; }

    public PeerConnectionConfiguration Configuration => new() { IceServers = StunUrl is null ? [] : [new IceServer(StunUrl)] };

    /// <summary>These options with one more; the error is a sentence where its value makes no sense.</summary>
    public (CallOptions Options, string? Error) With(string name, string value)
    {
        switch (name)
        {
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
