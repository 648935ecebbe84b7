using WebRtcCore.Primitives;

namespace WebRtcCore.Stun;

/// <summary>Why a TURN server did not do what it was asked.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Code">The server's error code, or 0 if it sent none.</param>
/// <param name="Reason">The server's words, at most 127 printable characters; empty if it had none.</param>
/// <param name="AlternateServer">The server to ask instead, with <see cref="TurnErrorKind.TryAlternate"/>.</param>
public sealed record TurnError(TurnErrorKind Kind, StunErrorCode Code = default, string Reason = "", TransportAddress? AlternateServer = null)
{
    private const int MaxReasonLength = 127;

    /// <summary>Reads what an error response says.</summary>
    public static TurnError From(scoped in StunMessageView response)
    {
        if (!response.TryGetErrorCode(out var code, out var reason))
        {
            return new TurnError(TurnErrorKind.BadAnswer);
        }

        var text = System.Text.Encoding.UTF8.GetString(reason[..Math.Min(reason.Length, 4 * MaxReasonLength)]);
        text = string.Concat(text.Where(static c => !char.IsControl(c)).Take(MaxReasonLength));
        TransportAddress? alternate = response.TryGetAddress(StunAttributeType.AlternateServer, out var server) ? server : null;
        return new TurnError(ToKind(code), code, text, alternate);
    }

    private static TurnErrorKind ToKind(StunErrorCode code) => code switch
    {
        StunErrorCode.TryAlternate => TurnErrorKind.TryAlternate,
        StunErrorCode.Unauthenticated or StunErrorCode.StaleNonce => TurnErrorKind.Unauthorized,
        StunErrorCode.Forbidden => TurnErrorKind.Forbidden,
        StunErrorCode.AllocationMismatch => TurnErrorKind.AllocationMismatch,
        StunErrorCode.AddressFamilyNotSupported => TurnErrorKind.AddressFamilyNotSupported,
        StunErrorCode.WrongCredentials => TurnErrorKind.WrongCredentials,
        StunErrorCode.UnsupportedTransportProtocol => TurnErrorKind.UnsupportedTransport,
        StunErrorCode.PeerAddressFamilyMismatch => TurnErrorKind.PeerAddressFamilyMismatch,
        StunErrorCode.AllocationQuotaReached => TurnErrorKind.QuotaReached,
        StunErrorCode.InsufficientCapacity => TurnErrorKind.InsufficientCapacity,
        _ => TurnErrorKind.Other,
    };
}
