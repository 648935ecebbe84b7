using WebRtcCore.Primitives;

namespace WebRtcCore.Ice;

/// <summary>What an agent wants of a TCP connection to its peer.</summary>
/// <param name="Path">
/// Its two ends as the agent knows them: what it sends goes there, and what is received is said to come from there. The local end of a connection that this
/// side opens has the port <see cref="IceTcpStreams.ActivePort"/>, whatever port the system chooses.
/// </param>
/// <param name="IsOpen">Whether to open it, or to close it.</param>
public readonly record struct IceTcpRequest(NetworkPath Path, bool IsOpen);
