using System.Text;
using WebRtcCore.Sctp.Packets;
using WebRtcCore.Sctp.Parameters;

namespace WebRtcCore.Sctp.Chunks;

/// <summary>ABORT (RFC 9260, 3.3.7): ends an association at once.</summary>
/// <remarks>
/// <code>
///  |   Type = 6    |  Reserved   |T|            Length             |
///  \                   zero or more Error Causes                   \
/// </code>
/// </remarks>
internal readonly record struct AbortChunk(bool IsTagReflected, ushort? CauseCode, string? Reason)
{
    /// <summary>The tag in the packet is the receiver's view of it, because the sender has no association.</summary>
    public const byte ReflectedTagFlag = 0x01;

    // A peer's text goes into logs and exceptions.
    private const int MaxReasonLength = 256;

    /// <summary>Reads the chunk; malformed causes are left out, for an ABORT counts whatever its reasons (RFC 9260, 3.3.7).</summary>
    public static AbortChunk Parse(ChunkView chunk)
    {
        var isReflected = (chunk.Flags & ReflectedTagFlag) != 0;
        var causes = new TlvReader(chunk.Value);
        if (!causes.TryRead(out var cause))
        {
            return new AbortChunk(isReflected, null, null);
        }

        var hasText = cause.Type is Parameters.CauseCode.UserInitiatedAbort or Parameters.CauseCode.ProtocolViolation;
        var text = cause.Value[..Math.Min(cause.Value.Length, MaxReasonLength)];
        return new AbortChunk(isReflected, cause.Type, hasText ? Encoding.UTF8.GetString(text).ReplaceControlCharacters() : null);
    }

    /// <summary>The chunk with one cause and its information, or none.</summary>
    public static byte[] Encode(bool isTagReflected, ushort? causeCode, ReadOnlySpan<byte> information)
    {
        var valueLength = causeCode is null ? 0 : TlvReader.HeaderLength + information.Length;
        var chunk = EncodedChunk.Create(ChunkType.Abort, isTagReflected ? ReflectedTagFlag : (byte)0, valueLength);
        if (causeCode is { } code)
        {
            new TlvWriter(EncodedChunk.Value(chunk)).Add(code, information);
        }

        return chunk;
    }
}
