using System.Buffers.Binary;
using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Rtcp;

/// <summary>
/// APP: an application's own packet (RFC 3550, 6.7). Borrows the datagram.
/// <code>
/// |V=2|P| subtype |   PT=APP=204  |             length            |
/// |                           SSRC/CSRC                           |
/// |                          name (ASCII)                         |
/// |                   application-dependent data                ...
/// </code>
/// </summary>
public readonly ref struct ApplicationDefined
{
    private const int FixedLength = 8;

    /// <summary>The application's subtype, 0 to 31.</summary>
    public int Subtype { get; init; }

    /// <summary>The stream.</summary>
    public Ssrc Ssrc { get; init; }

    /// <summary>Four ASCII characters, the first in the upper byte.</summary>
    public uint Name { get; init; }

    /// <summary>The data, whole words; borrowed.</summary>
    public ReadOnlySpan<byte> Data { get; init; }

    /// <summary>Bytes of the packet.</summary>
    public int EncodedLength => RtcpHeader.Length + FixedLength + Data.Length;

    /// <summary>Reads the packet.</summary>
    public static bool TryParse(RtcpPacketView packet, out ApplicationDefined application)
    {
        application = default;
        var body = packet.Body;
        if (packet.Type != RtcpPacketType.ApplicationDefined || body.Length < FixedLength)
        {
            return false;
        }

        application = new ApplicationDefined
        {
            Subtype = packet.Count,
            Ssrc = new Ssrc(BinaryPrimitives.ReadUInt32BigEndian(body)),
            Name = BinaryPrimitives.ReadUInt32BigEndian(body[4..]),
            Data = body[FixedLength..],
        };
        return true;
    }

    /// <summary>Writes the packet.</summary>
    public void Write(ref SpanWriter writer)
    {
        RtcpHeader.Write(ref writer, RtcpPacketType.ApplicationDefined, Subtype, EncodedLength);
        writer.WriteUInt32(Ssrc.Value);
        writer.WriteUInt32(Name);
        writer.WriteBytes(Data);
    }
}
