using System.Buffers.Binary;
using WebRtcCore.Primitives;
using WebRtcCore.Sctp.Packets;
using WebRtcCore.Sctp.Parameters;

namespace WebRtcCore.Sctp.Chunks;

/// <summary>INIT and INIT ACK (RFC 9260, 3.3.2 and 3.3.3): the same fields, the latter with a state cookie.</summary>
/// <remarks>
/// <code>
///  |   Type = 1/2  |  Chunk Flags  |      Chunk Length             |
///  |                         Initiate Tag                          |
///  |           Advertised Receiver Window Credit (a_rwnd)          |
///  |  Number of Outbound Streams   |   Number of Inbound Streams   |
///  |                          Initial TSN                          |
///  \              Optional/Variable-Length Parameters              \
/// </code>
/// </remarks>
internal sealed record InitChunk
{
    /// <summary>The size of the fixed part, chunk header left out.</summary>
    public const int FixedLength = 16;

    // RFC 9653 6: the identifier of DTLS among the methods that make up for a checksum.
    private const uint ErrorDetectionByDtls = 1;

    // More unknown parameters than these, in number and bytes, are not reported: the INIT ACK still fits the smallest packet.
    private const int MaxUnrecognized = 16;
    private const int MaxUnrecognizedBytes = 200;

    // A domain name with its header; a longer one is not sent back.
    private const int MaxHostNameBytes = 264;

    public required uint InitiateTag { get; init; }

    public required uint ReceiverWindow { get; init; }

    public required ushort OutgoingStreams { get; init; }

    public required ushort IncomingStreams { get; init; }

    public required Tsn InitialTsn { get; init; }

    /// <summary>RFC 3758, 3.1.</summary>
    public bool SupportsForwardTsn { get; init; }

    /// <summary>RFC 9653 4: packets protected by DTLS may come with a checksum of zero.</summary>
    public bool AcceptsZeroChecksum { get; init; }

    /// <summary>The chunk types listed in Supported Extensions (RFC 5061, 4.2.7); <see langword="null"/> if there is no such list.</summary>
    public byte[]? SupportedExtensions { get; init; }

    /// <summary>The Host Name Address parameter, if there is one; empty if it is longer than any name. RFC 9260 5.1.2 B: never acceptable.</summary>
    public byte[]? HostName { get; init; }

    /// <summary>The state cookie of an INIT ACK.</summary>
    public byte[]? Cookie { get; init; }

    /// <summary>Whole parameters to be reported as unrecognized.</summary>
    public IReadOnlyList<byte[]> Unrecognized { get; init; } = [];

    /// <summary>Whether stream reset may be used (RFC 6525).</summary>
    public bool SupportsReconfiguration => Supports(ChunkType.ReConfig);

    /// <summary>The length of the chunk's value.</summary>
    public int ValueLength
    {
        get
        {
            // Every parameter but the last is padded; which one is last depends on what is there.
            var length = FixedLength;
            length = Cookie is null ? length : Padding.RoundUp(length) + TlvReader.HeaderLength + Cookie.Length;
            length = SupportsForwardTsn ? Padding.RoundUp(length) + TlvReader.HeaderLength : length;
            length = AcceptsZeroChecksum ? Padding.RoundUp(length) + TlvReader.HeaderLength + sizeof(uint) : length;
            length = SupportedExtensions is null ? length : Padding.RoundUp(length) + TlvReader.HeaderLength + SupportedExtensions.Length;
            foreach (var parameter in Unrecognized)
            {
                length = Padding.RoundUp(length) + TlvReader.HeaderLength + parameter.Length;
            }

            return length;
        }
    }

    /// <summary>Whether an extension's chunk type is listed.</summary>
    public bool Supports(ChunkType type) => SupportedExtensions?.Contains((byte)type) ?? false;

    /// <summary>Reads the chunk.</summary>
    public static bool TryParse(ChunkView chunk, out InitChunk? init)
    {
        init = null;
        var reader = new SpanReader(chunk.Value);
        if (!reader.TryReadUInt32(out var tag) || !reader.TryReadUInt32(out var window) || !reader.TryReadUInt16(out var outgoing)
            || !reader.TryReadUInt16(out var incoming) || !reader.TryReadUInt32(out var tsn))
        {
            return false;
        }

        var fixedPart = new InitChunk
        {
            InitiateTag = tag,
            ReceiverWindow = window,
            OutgoingStreams = outgoing,
            IncomingStreams = incoming,
            InitialTsn = new Tsn(tsn),
        };
        init = fixedPart.WithParameters(reader.Rest, isAck: chunk.Type == ChunkType.InitAck);
        return true;
    }

    /// <summary>Adds the chunk to a packet.</summary>
    public void Write(ref PacketWriter packet)
    {
        var value = packet.AddChunk(Cookie is null ? ChunkType.Init : ChunkType.InitAck, 0, ValueLength);
        var writer = new SpanWriter(value);
        writer.WriteUInt32(InitiateTag);
        writer.WriteUInt32(ReceiverWindow);
        writer.WriteUInt16(OutgoingStreams);
        writer.WriteUInt16(IncomingStreams);
        writer.WriteUInt32(InitialTsn.Value);
        var parameters = new TlvWriter(value[FixedLength..]);
        if (Cookie is not null)
        {
            parameters.Add(ParameterType.StateCookie, Cookie);
        }

        if (SupportsForwardTsn)
        {
            parameters.Add(ParameterType.ForwardTsnSupported, 0);
        }

        if (AcceptsZeroChecksum)
        {
            BinaryPrimitives.WriteUInt32BigEndian(parameters.Add(ParameterType.ZeroChecksumAcceptable, sizeof(uint)), ErrorDetectionByDtls);
        }

        if (SupportedExtensions is not null)
        {
            parameters.Add(ParameterType.SupportedExtensions, SupportedExtensions);
        }

        foreach (var parameter in Unrecognized)
        {
            parameters.Add(ParameterType.UnrecognizedParameter, parameter);
        }
    }

    private InitChunk WithParameters(ReadOnlySpan<byte> list, bool isAck)
    {
        var forwardTsn = false;
        var zeroChecksum = false;
        byte[]? extensions = null;
        byte[]? cookie = null;
        byte[]? hostName = null;
        List<byte[]>? unrecognized = null;
        var unrecognizedBytes = 0;
        var parameters = new TlvReader(list);
        while (parameters.TryRead(out var parameter))
        {
            switch (parameter.Type)
            {
                case ParameterType.StateCookie when isAck:
                    cookie = parameter.Value.ToArray();
                    continue;
                case ParameterType.ForwardTsnSupported:
                    forwardTsn = true;
                    continue;
                case ParameterType.ZeroChecksumAcceptable:
                    // Another method than DTLS is of no use here.
                    zeroChecksum = parameter.Value.Length == sizeof(uint) && BinaryPrimitives.ReadUInt32BigEndian(parameter.Value) == ErrorDetectionByDtls;
                    continue;
                case ParameterType.SupportedExtensions:
                    extensions = parameter.Value.ToArray();
                    continue;
                case ParameterType.HostNameAddress:
                    hostName = parameter.Bytes.Length <= MaxHostNameBytes ? parameter.Bytes.ToArray() : [];
                    continue;
                case ParameterType.IPv4Address or ParameterType.IPv6Address or ParameterType.SupportedAddressTypes or ParameterType.CookiePreservative:
                    // Known, and of no use over DTLS: there is one path (RFC 8261).
                    continue;
                case ParameterType.UnrecognizedParameter when isAck:
                    continue;
            }

            unrecognizedBytes += parameter.Bytes.Length;
            if (ParameterType.MustReport(parameter.Type) && (unrecognized?.Count ?? 0) < MaxUnrecognized && unrecognizedBytes <= MaxUnrecognizedBytes)
            {
                (unrecognized ??= []).Add(parameter.Bytes.ToArray());
            }

            if (!ParameterType.MaySkip(parameter.Type))
            {
                break;
            }
        }

        return this with
        {
            SupportsForwardTsn = forwardTsn,
            AcceptsZeroChecksum = zeroChecksum,
            SupportedExtensions = extensions,
            HostName = hostName,
            Cookie = cookie,
            Unrecognized = unrecognized is null ? [] : unrecognized,
        };
    }
}
