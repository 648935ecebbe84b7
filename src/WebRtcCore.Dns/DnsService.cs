namespace WebRtcCore.Dns;

/// <summary>What a SRV record says (RFC 2782): one of the places where a service is.</summary>
/// <param name="Priority">The lowest is tried first.</param>
/// <param name="Weight">Of those of one priority, the share of the clients that begin here.</param>
/// <param name="Port">0 to 65535.</param>
/// <param name="Target">The host's name; empty if the service is decidedly not there.</param>
internal sealed record DnsService(ushort Priority, ushort Weight, ushort Port, string Target);
