using WebRtcCore.Primitives;

namespace WebRtcCore.Sctp.Parameters;

/// <summary>Re-configuration Response (RFC 6525, 4.4).</summary>
/// <remarks>
/// <code>
///  |     Parameter Type = 16       |      Parameter Length         |
///  |         Re-configuration Response Sequence Number             |
///  |                            Result                             |
///  \          Sender's and Receiver's Next TSN (optional)          \
/// </code>
/// </remarks>
internal readonly record struct ReconfigurationResponse(uint ResponseNumber, ReconfigurationResult Result)
{
    /// <summary>The length of the parameter's value as written here: without TSNs.</summary>
    public const int ValueLength = 8;

    /// <summary>Reads the parameter's value; the optional TSNs belong to requests that are never made here.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out ReconfigurationResponse response)
    {
        response = default;
        var reader = new SpanReader(value);
        if (!reader.TryReadUInt32(out var number) || !reader.TryReadUInt32(out var result) || reader.Remaining is not (0 or 8))
        {
            return false;
        }

        response = new ReconfigurationResponse(number, (ReconfigurationResult)result);
        return true;
    }

    /// <summary>Writes the parameter's value.</summary>
    public void Write(Span<byte> value)
    {
        var writer = new SpanWriter(value);
        writer.WriteUInt32(ResponseNumber);
        writer.WriteUInt32((uint)Result);
    }
}
