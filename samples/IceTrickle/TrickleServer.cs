namespace IceTrickle;

/// <summary>A STUN or TURN server as it is written on a command line or a page.</summary>
internal sealed record TrickleServer(string Url, string? Username = null, string? Credential = null);
