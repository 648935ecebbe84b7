using Microsoft.Extensions.Logging;
using WebRtcCore.Dtls;
using WebRtcCore.Primitives;
using WebRtcCore.Session.Negotiation;

namespace WebRtcCore.Session;

/// <summary>
/// The life of the DTLS endpoint in a session: made once role and fingerprints are known, started once ICE has a path. Flights that come earlier
/// are kept, a few of them, so that no retransmission time-out is lost.
/// </summary>
internal sealed class DtlsSession(RtcSessionOptions options, IRandomSource random, ILogger? logger) : IDisposable
{
    private const int MaxEarlyDatagrams = 8;
    private readonly Queue<(byte[] Datagram, NetworkPath Path)> _early = new();

    /// <summary>The endpoint; <see langword="null"/> until role and fingerprints are known.</summary>
    public DtlsEndpoint? Endpoint { get; private set; }

    /// <summary>Makes the endpoint. The transport keeps its DTLS association over renegotiation and ICE restarts, so later calls do nothing.</summary>
    public void Prepare(NegotiatedTransport transport)
    {
        if (Endpoint is null && transport is { DtlsRole: not DtlsRole.Unknown, RemoteFingerprints.Count: > 0 })
        {
            Endpoint = new DtlsEndpoint(
                transport.DtlsRole == DtlsRole.Client ? Dtls.DtlsRole.Client : Dtls.DtlsRole.Server,
                new DtlsOptions
                {
                    Certificate = options.Certificate,
                    RemoteFingerprints = transport.RemoteFingerprints,
                    MaxDatagramSize = options.MaxDatagramSize,
                    KeyLog = options.KeyLog,
                },
                random,
                logger);
        }
    }

    /// <summary>Starts the handshake if ICE has a path; answers whether it has just started.</summary>
    public bool TryStart(TimeSpan? roundTripTime, Instant now)
    {
        if (Endpoint is not { State: DtlsState.New } endpoint)
        {
            return false;
        }

        if (roundTripTime is { } rtt)
        {
            endpoint.SetRoundTripTime(rtt);
        }

        endpoint.Start(now);
        return true;
    }

    /// <summary>Keeps a copy of a flight that came before the endpoint was started.</summary>
    public void KeepEarly(ReadOnlySpan<byte> datagram, in NetworkPath path)
    {
        if (_early.Count < MaxEarlyDatagrams)
        {
            _early.Enqueue((datagram.ToArray(), path));
        }
    }

    /// <summary>Takes the oldest kept flight.</summary>
    public bool TryTakeEarly(out byte[] datagram, out NetworkPath path)
    {
        var taken = _early.TryDequeue(out var entry);
        (datagram, path) = taken ? entry : ([], default);
        return taken;
    }

    public void Dispose() => Endpoint?.Dispose();
}
