using WebRtcCore.Primitives;
using WebRtcCore.Sctp.Packets;

namespace WebRtcCore.Sctp.Parameters;

/// <summary>Outgoing SSN Reset Request (RFC 6525, 4.1): the sender's streams begin at sequence number 0 again.</summary>
/// <remarks>
/// <code>
///  |     Parameter Type = 13       | Parameter Length = 16 + 2 * N |
///  |           Re-configuration Request Sequence Number            |
///  |           Re-configuration Response Sequence Number           |
///  |                Sender's Last Assigned TSN                     |
///  |  Stream Number 1 (optional)   |    Stream Number 2 (optional) |
/// </code>
/// </remarks>
internal sealed record OutgoingResetRequest(uint RequestNumber, uint ResponseNumber, Tsn LastTsn, ushort[] Streams)
{
    private const int FixedLength = 12;

    /// <summary>The length of the parameter's value.</summary>
    public int ValueLength => FixedLength + (Streams.Length * sizeof(ushort));

    /// <summary>Reads the parameter's value. No streams means all of them.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out OutgoingResetRequest? request)
    {
        request = null;
        var reader = new SpanReader(value);
        if (!reader.TryReadUInt32(out var number) || !reader.TryReadUInt32(out var response) || !reader.TryReadUInt32(out var tsn)
            || reader.Remaining % sizeof(ushort) != 0)
        {
            return false;
        }

        var streams = new ushort[reader.Remaining / sizeof(ushort)];
        for (var i = 0; i < streams.Length; i++)
        {
            reader.TryReadUInt16(out streams[i]);
        }

        request = new OutgoingResetRequest(number, response, new Tsn(tsn), streams);
        return true;
    }

    /// <summary>Writes the parameter's value.</summary>
    public void Write(Span<byte> value)
    {
        var writer = new SpanWriter(value);
        writer.WriteUInt32(RequestNumber);
        writer.WriteUInt32(ResponseNumber);
        writer.WriteUInt32(LastTsn.Value);
        foreach (var stream in Streams)
        {
            writer.WriteUInt16(stream);
        }
    }
}
