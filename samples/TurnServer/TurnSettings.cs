using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using WebRtcCore;
using WebRtcCore.Stun;

namespace TurnServerSample;

/// <summary>The section "Turn" of appsettings.json, which the command line and environment variables override.</summary>
internal sealed class TurnSettings
{
    public const string Section = "Turn";

    public const string Usage = """
        A STUN and TURN server. Settings come from appsettings.json beside the program, from environment variables
        (Turn__Realm=example.org) and from the command line, which wins:

          --Turn:Realm NAME              the realm of the users (default localhost)
          --Turn:Users:NAME PASSWORD     a user; may be repeated with other names
          --Turn:Secret TEXT             takes time-limited credentials made with this secret (expiry:user, HMAC-SHA1)
          --Turn:Listen:0 IP             a local address to serve on; :1 and so on for more (default: all but loopback)
          --Turn:Port N                  UDP and TCP (default 3478)
          --Turn:CertificateFile PEM     serves TLS too; with --Turn:CertificateKeyFile PEM if the key is apart
          --Turn:TlsPort N               TLS (default 5349)
          --Turn:Relay:0 IP              a local address to relay from (default: those served on)
          --Turn:MinPort N, --Turn:MaxPort N   ports to relay from (default 49152 to 65535)
          --Turn:PublicAddresses:LOCAL IP    what a local IPv4 address is called outside of a NAT
          --Turn:AllowedNetworks:0 CIDR, --Turn:DeniedNetworks:0 CIDR   networks that users may, or may not, reach whatever their kind
          --Turn:AllowPrivatePeers true  lets users reach loopback and private networks: for tests only
          --Turn:MaxAllocations N        in all (default 20000)
          --Turn:MaxAllocationsPerUser N (default 64)
          --Turn:MaxBytesPerSecond N     of one allocation, each way (default 0: no limit)
          --help                         shows this text

        Example: dotnet run --project samples/TurnServer -- --Turn:Users:alice secret --Turn:Realm example.org
        """;

    public string Realm { get; init; } = "localhost";

    public int Port { get; init; } = 3478;

    public int TlsPort { get; init; } = 5349;

    public string[] Listen { get; init; } = [];

    public string[] Relay { get; init; } = [];

    public Dictionary<string, string> Users { get; init; } = [];

    public string Secret { get; init; } = "";

    public string CertificateFile { get; init; } = "";

    public string CertificateKeyFile { get; init; } = "";

    public int MinPort { get; init; } = 49_152;

    public int MaxPort { get; init; } = 65_535;

    public Dictionary<string, string> PublicAddresses { get; init; } = [];

    public string[] AllowedNetworks { get; init; } = [];

    public string[] DeniedNetworks { get; init; } = [];

    public bool AllowPrivatePeers { get; init; }

    public int MaxAllocations { get; init; } = 20_000;

    public int MaxAllocationsPerUser { get; init; } = 64;

    public long MaxBytesPerSecond { get; init; }

    /// <summary>What the server is started with.</summary>
    /// <exception cref="FormatException">An address cannot be read.</exception>
    /// <exception cref="IOException">The certificate cannot be read.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The certificate makes no sense.</exception>
    public TurnServerOptions ToOptions(ILoggerFactory loggers) => new()
    {
        Relay = new TurnRelayOptions
        {
            Realm = Realm,
            Software = "WebRtcCore",
            MaxAllocations = MaxAllocations,
            MaxAllocationsPerUser = MaxAllocationsPerUser,
            MaxBytesPerSecond = MaxBytesPerSecond > 0 ? MaxBytesPerSecond : null,
            PeerRules = new TurnPeerRules
            {
                AllowedScopes = AllowPrivatePeers
                    ? new HashSet<TurnPeerScope> { TurnPeerScope.Global, TurnPeerScope.Private, TurnPeerScope.Loopback }
                    : new HashSet<TurnPeerScope> { TurnPeerScope.Global },
                AllowedNetworks = [.. AllowedNetworks.Select(IPNetwork.Parse)],
                DeniedNetworks = [.. DeniedNetworks.Select(IPNetwork.Parse)],
            },
        },
        PublicAddresses = PublicAddresses.ToDictionary(p => IPAddress.Parse(p.Key), p => IPAddress.Parse(p.Value)),
        ListenAddresses = Parse(Listen),
        RelayAddresses = Parse(Relay),
        Port = Port,
        TlsPort = TlsPort,
        MinRelayPort = MinPort,
        MaxRelayPort = MaxPort,
        Certificate = CertificateFile.Length == 0 ? null : X509Certificate2.CreateFromPemFile(CertificateFile, CertificateKeyFile.Length == 0 ? null : CertificateKeyFile),
        LoggerFactory = loggers,
    };

    private static IPAddress[]? Parse(string[] addresses) => addresses.Length == 0 ? null : [.. addresses.Select(IPAddress.Parse)];
}
