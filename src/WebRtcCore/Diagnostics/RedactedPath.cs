using WebRtcCore.Primitives;

namespace WebRtcCore.Diagnostics;

/// <summary>A path as it may stand in a log.</summary>
internal readonly struct RedactedPath(NetworkPath path)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Redact.Address(path.Local)}->{Redact.Address(path.Remote)}/{path.Protocol}";
}
