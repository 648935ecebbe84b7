using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using WebRtcCore.Stun;

namespace WebRtcCore;

/// <summary>Settings of a <see cref="TurnServer"/>.</summary>
public sealed record TurnServerOptions
{
    /// <summary>What it grants to whom.</summary>
    public required TurnRelayOptions Relay { get; init; }

    /// <summary>The local addresses to serve on; every address of the machine but loopback if <see langword="null"/>. A wildcard stands for all of its family.</summary>
    public IReadOnlyList<IPAddress>? ListenAddresses { get; init; }

    /// <summary>The port for UDP and TCP; 0 takes a free one, the same for both.</summary>
    public int Port { get; init; } = 3478;

    /// <summary>Whether TCP is served.</summary>
    public bool UseTcp { get; init; } = true;

    /// <summary>The certificate with private key for TLS; without one TLS is not served. It stays the caller's.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>The port for TLS; 0 takes a free one.</summary>
    public int TlsPort { get; init; } = 5349;

    /// <summary>The local addresses that peers are sent to from; those of <see cref="ListenAddresses"/> if <see langword="null"/>.</summary>
    public IReadOnlyList<IPAddress>? RelayAddresses { get; init; }

    /// <summary>What a relay address is called outside, where a NAT stands between: clients are told the value in the place of the key.</summary>
    public IReadOnlyDictionary<IPAddress, IPAddress> PublicAddresses { get; init; } = new Dictionary<IPAddress, IPAddress>();

    /// <summary>The lowest port for relaying. 49152 (RFC 8656, 7.2).</summary>
    public int MinRelayPort { get; init; } = 49_152;

    /// <summary>The highest port for relaying.</summary>
    public int MaxRelayPort { get; init; } = 65_535;

    /// <summary>TCP and TLS connections at once; others are closed as they come.</summary>
    public int MaxStreams { get; init; } = 20_000;

    /// <summary>How long a TCP connection may take to its first message, and TLS to its handshake; and a message from its first byte to its last.</summary>
    public TimeSpan StreamDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a TCP or TLS connection may be silent. Longer than clients need between two refreshes.</summary>
    public TimeSpan StreamIdleLimit { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where to log.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Relay);
        ThrowIfNoPort(Port, nameof(Port));
        ThrowIfNoPort(TlsPort, nameof(TlsPort));
        ArgumentOutOfRangeException.ThrowIfLessThan(MinRelayPort, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxRelayPort, MinRelayPort);
        ThrowIfNoPort(MaxRelayPort, nameof(MaxRelayPort));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxStreams, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(StreamDeadline, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(StreamIdleLimit, TimeSpan.Zero);
        if (Certificate is { HasPrivateKey: false })
        {
            throw new ArgumentException("The certificate has no private key.");
        }
    }

    private static void ThrowIfNoPort(int port, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(port, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, ushort.MaxValue, name);
    }
}
