namespace WebRtcCore.Ice;

/// <summary>A STUN or TURN server that cannot be asked: its name is not found, or its kind not spoken.</summary>
/// <param name="Url">Its URL (RFC 7064, 7065), for reports.</param>
/// <param name="Reason">A sentence for people.</param>
public sealed record UnusableServer(string Url, string Reason);
