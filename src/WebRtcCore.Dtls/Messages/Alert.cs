using WebRtcCore.Primitives;

namespace WebRtcCore.Dtls.Messages;

/// <summary>
/// An alert (RFC 5246 7.2).
/// <code>
/// +-------+-------------+
/// | level | description |
/// +-------+-------------+
/// </code>
/// </summary>
internal readonly record struct Alert(bool IsFatal, DtlsAlertDescription Description)
{
    public const int Length = 2;
    private const byte Warning = 1;
    private const byte Fatal = 2;

    public static bool TryParse(ReadOnlySpan<byte> content, out Alert alert)
    {
        if (content.Length != Length || content[0] is not (Warning or Fatal))
        {
            alert = default;
            return false;
        }

        alert = new Alert(content[0] == Fatal, (DtlsAlertDescription)content[1]);
        return true;
    }

    public void Write(ref SpanWriter writer)
    {
        writer.WriteByte(IsFatal ? Fatal : Warning);
        writer.WriteByte((byte)Description);
    }
}
