using WebRtcCore.Transport;

namespace WebRtcCore;

/// <summary>What W3C demands of a configuration (webrtc 4.4.1.6), and this library of its options.</summary>
internal static class ConfigurationRules
{
    private const int MaxIceCandidatePoolSize = 255;
    private const int MinDatagramSize = 576;
    private const int MaxDatagramSize = 9_000;

    internal static void Validate(PeerConnectionConfiguration configuration, PeerConnectionOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(configuration.IceCandidatePoolSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(configuration.IceCandidatePoolSize, MaxIceCandidatePoolSize);
        foreach (var (server, url) in configuration.IceServers.SelectMany(server => server.Urls.Select(url => (server, url))))
        {
            if (!IceServerUrl.TryParse(url, out var parsed))
            {
                throw new ArgumentException($"\"{url}\" is not a stun:, stuns:, turn: or turns: URL (RFC 7064, 7065).", nameof(configuration));
            }

            // W3C webrtc 4.4.1.6.
            if (parsed!.Scheme is IceServerScheme.Turn or IceServerScheme.Turns && (string.IsNullOrEmpty(server.Username) || server.Credential is null))
            {
                throw RtcException.InvalidAccess($"\"{url}\" needs a user name and a credential.");
            }
        }

        if (configuration.Certificates.Any(certificate => certificate.Expires <= options.TimeProvider.GetUtcNow()))
        {
            throw RtcException.InvalidAccess("A certificate has expired.");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(options.MinPort);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MaxPort, ushort.MaxValue);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxPort, options.MinPort);
        if (options is { MinPort: 0, MaxPort: not 0 })
        {
            throw new ArgumentOutOfRangeException(nameof(options), "A port range begins at 1 or above.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxDatagramSize, MinDatagramSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MaxDatagramSize, MaxDatagramSize);
        if (options.DataMaxPathMtu != 0)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(options.DataMaxPathMtu, MinDatagramSize);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(options.DataMaxPathMtu, MaxDatagramSize);
        }

        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.MaxMessageSize);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.DataReceiveBufferSize, options.MaxMessageSize);
        ArgumentOutOfRangeException.ThrowIfNegative(options.DataSendHighWaterMark);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxBufferedAmount, options.DataSendHighWaterMark);
    }

    /// <summary>Whether candidates have to be gathered anew for one configuration to give what another would.</summary>
    internal static bool GathersOtherwise(PeerConnectionConfiguration current, PeerConnectionConfiguration next) =>
        next.IceTransportPolicy != current.IceTransportPolicy
        || next.IceServers.Count != current.IceServers.Count
        || next.IceServers.Zip(current.IceServers).Any(static pair =>
            pair.First.Username != pair.Second.Username || pair.First.Credential != pair.Second.Credential || !pair.First.Urls.SequenceEqual(pair.Second.Urls));

    internal static void ThrowIfNotChangeable(PeerConnectionConfiguration current, PeerConnectionConfiguration next, bool hasLocalDescription)
    {
        if (hasLocalDescription && next.IceCandidatePoolSize != current.IceCandidatePoolSize)
        {
            throw RtcException.InvalidModification("The candidate pool's size cannot be changed after a local description.");
        }

        if (next.BundlePolicy != current.BundlePolicy || next.RtcpMuxPolicy != current.RtcpMuxPolicy)
        {
            throw RtcException.InvalidModification("The bundle and mux policies cannot be changed.");
        }

        if (next.Certificates.Count > 0 && !next.Certificates.SequenceEqual(current.Certificates))
        {
            throw RtcException.InvalidModification("The certificates cannot be changed.");
        }
    }
}
