namespace WebRtcCore;

/// <summary>W3C <c>RTCIceParameters</c>.</summary>
/// <param name="UsernameFragment">The user name fragment.</param>
/// <param name="Password">The password. Whoever has it can take part in the checks: do not log it.</param>
public sealed record IceParameters(string UsernameFragment, string Password);
