using Microsoft.Extensions.Logging;

namespace WebRtcCore.Dtls;

/// <summary>The log messages of this assembly: ids 4000 to 4099. Neither keys nor payloads nor addresses are logged.</summary>
internal static partial class Log
{
    [LoggerMessage(4001, LogLevel.Debug, "DTLS {Role}: {From} -> {To}")]
    public static partial void StateChanged(ILogger logger, DtlsRole role, DtlsState from, DtlsState to);

    [LoggerMessage(4002, LogLevel.Debug, "DTLS {Role}: handshake state {State}")]
    public static partial void HandshakeState(ILogger logger, DtlsRole role, Handshake.Dtls12State state);

    [LoggerMessage(4003, LogLevel.Information, "DTLS {Role} connected: {Suite}, {Group}, SRTP {Profile}")]
    public static partial void Connected(ILogger logger, DtlsRole role, string? suite, DtlsGroup? group, SrtpProtectionProfile? profile);

    [LoggerMessage(4004, LogLevel.Warning, "DTLS {Role} failed: {Error}, alert {Alert}")]
    public static partial void Failed(ILogger logger, DtlsRole role, DtlsErrorKind error, DtlsAlertDescription? alert);

    [LoggerMessage(4005, LogLevel.Debug, "DTLS {Role}: flight sent again, next timeout {Timeout}")]
    public static partial void FlightRetransmitted(ILogger logger, DtlsRole role, TimeSpan timeout);

    [LoggerMessage(4006, LogLevel.Debug, "DTLS {Role}: alert {Alert} received, authenticated: {IsAuthenticated}")]
    public static partial void AlertReceived(ILogger logger, DtlsRole role, DtlsAlertDescription alert, bool isAuthenticated);

    [LoggerMessage(4007, LogLevel.Warning, "DTLS server refused a ClientHello: {Error}")]
    public static partial void ClientHelloRefused(ILogger logger, DtlsErrorKind error);

    [LoggerMessage(4008, LogLevel.Debug, "DTLS {Role}: renegotiation refused")]
    public static partial void RenegotiationRefused(ILogger logger, DtlsRole role);
}
