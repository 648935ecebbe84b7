using Microsoft.Extensions.Logging;
using WebRtcCore.Dtls.Records;
using WebRtcCore.Primitives;

namespace WebRtcCore.Dtls.Handshake;

/// <summary>What an endpoint lends to its handshake: settings, randomness, where messages go out and keys go in.</summary>
internal sealed record HandshakeContext(
    DtlsOptions Options,
    IRandomSource Random,
    RecordLayer Records,
    OutgoingFlight Flight,
    ILogger Logger);
