namespace WebRtcCore.Rtp.HeaderExtensions;

/// <summary>One <c>a=extmap</c>: a header extension and the local identifier agreed for it (RFC 8285, 5).</summary>
/// <param name="Id">The local identifier, 1 to 255 but not 15.</param>
/// <param name="Uri">What the extension is, see <see cref="RtpHeaderExtensionUri"/>.</param>
public sealed record RtpHeaderExtension(byte Id, string Uri);
