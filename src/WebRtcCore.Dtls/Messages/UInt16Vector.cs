using WebRtcCore.Primitives;

namespace WebRtcCore.Dtls.Messages;

/// <summary>A list of 16-bit values without its length prefix: cipher suites, groups, signature schemes, versions, SRTP profiles.</summary>
internal static class UInt16Vector
{
    public static bool TryParse(ReadOnlySpan<byte> bytes, out ushort[] values)
    {
        values = [];
        if (bytes.IsEmpty || bytes.Length % 2 != 0)
        {
            return false;
        }

        var result = new ushort[bytes.Length / 2];
        var reader = new SpanReader(bytes);
        for (var i = 0; i < result.Length; i++)
        {
            if (!reader.TryReadUInt16(out result[i]))
            {
                return false;
            }
        }

        values = result;
        return true;
    }
}
