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

        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxDatagramSize, MinDatagramSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MaxDatagramSize, MaxDatagramSize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.MaxMessageSize);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.DataReceiveBufferSize, options.MaxMessageSize);
        ArgumentOutOfRangeException.ThrowIfNegative(options.DataSendHighWaterMark);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxBufferedAmount, options.DataSendHighWaterMark);
    }

    internal static void ThrowIfNotChangeable(PeerConnectionConfiguration current, PeerConnectionConfiguration next)
    {
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
