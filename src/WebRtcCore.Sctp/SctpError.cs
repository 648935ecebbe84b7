namespace WebRtcCore.Sctp;

/// <summary>Why an association or a channel ended.</summary>
/// <param name="Kind">The reason.</param>
/// <param name="CauseCode">The error cause of the ABORT (RFC 9260, 3.3.10), if there was one: W3C <c>sctpCauseCode</c>.</param>
/// <param name="Reason">Text that came with it, of the peer's choice, or a description of what happened.</param>
public sealed record SctpError(SctpErrorKind Kind, int? CauseCode = null, string? Reason = null);
