using System.Buffers.Binary;

namespace WebRtcCore.Sctp.Parameters;

/// <summary>One parameter or error cause, borrowed.</summary>
internal readonly ref struct TlvView
{
    internal TlvView(ReadOnlySpan<byte> bytes) => Bytes = bytes;

    /// <summary>The element with its header, without padding; at least four bytes.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>The parameter type or cause code.</summary>
    public ushort Type => BinaryPrimitives.ReadUInt16BigEndian(Bytes);

    /// <summary>What follows the header, without padding.</summary>
    public ReadOnlySpan<byte> Value => Bytes[TlvReader.HeaderLength..];
}
