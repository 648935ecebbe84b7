using WebRtcCore.Sctp.Chunks;
using WebRtcCore.Sctp.Handshake;
using WebRtcCore.Sctp.Packets;
using WebRtcCore.Sctp.Parameters;

namespace WebRtcCore.Fuzz.Parsers;

/// <summary>SCTP packets: every chunk through every typed parser, whatever its type says.</summary>
internal sealed class SctpPacketTarget : FuzzTarget
{
    public override string Name => "sctp-packet";

    public override IEnumerable<byte[]> Seeds() =>
    [
        .. SeedFiles.Hex("vectors", "sctp*.json").Where(static bytes => bytes.Length >= 12),
        .. SeedFiles.Datagrams("corpus", "*.sctp.pcap", static _ => true, perFile: 12),
        [0x13, 0x88, 0x13, 0x88, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 24, 1, 2, 3, 4, 0, 80, 0, 0, 255, 255, 255, 255, 1, 2, 3, 4, 0xC0, 0, 0, 4],
        [0x13, 0x88, 0x13, 0x88, 1, 2, 3, 4, 0, 0, 0, 0, 0, 3, 0, 20, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 51, 104, 105, 106, 107],
        [0x13, 0x88, 0x13, 0x88, 1, 2, 3, 4, 0, 0, 0, 0, 3, 0, 0, 24, 0, 0, 0, 1, 0, 80, 0, 0, 0, 1, 0, 1, 0, 2, 0, 3, 0, 0, 0, 1],
    ];

    public override void Run(ReadOnlySpan<byte> input)
    {
        StateCookie.TryParse(input, out _);
        OutgoingResetRequest.TryParse(input, out _);
        ReconfigurationResponse.TryParse(input, out _);
        if (!PacketView.TryParse(input, out var packet))
        {
            return;
        }

        _ = (packet.Header, packet.Checksum, packet.HasValidChecksum, packet.HasSingleChunk);
        var count = 0;
        var chunks = packet.Chunks;
        while (chunks.TryRead(out var chunk))
        {
            count++;
            Parse(chunk);
        }

        Require(count <= input.Length / 4, "Each chunk takes four bytes at least.");
    }

    private static void Parse(ChunkView chunk)
    {
        AbortChunk.Parse(chunk);
        ErrorChunk.HasCause(chunk, 3);
        HeartbeatChunk.TryParse(chunk, out _);
        ShutdownChunk.TryParse(chunk, out _);
        InitChunk.TryParse(chunk, out _);
        if (DataChunk.TryParse(chunk, out var data))
        {
            _ = (data.Tsn, data.StreamId, data.StreamSequenceNumber, data.PayloadProtocolId, data.Payload.Length);
        }

        if (SackChunk.TryParse(chunk, out var sack))
        {
            for (var i = 0; i < sack.GapCount; i++)
            {
                sack.GetGap(i);
            }

            for (var i = 0; i < sack.DuplicateCount; i++)
            {
                sack.GetDuplicate(i);
            }
        }

        if (ForwardTsnChunk.TryParse(chunk, out var forward))
        {
            for (var i = 0; i < forward.StreamCount; i++)
            {
                forward.GetStream(i);
            }
        }

        if (InterleavedDataChunk.TryParse(chunk, out var interleaved))
        {
            _ = (interleaved.Tsn, interleaved.StreamId, interleaved.MessageId, interleaved.PayloadProtocolId, interleaved.FragmentNumber, interleaved.Payload.Length);
        }

        if (InterleavedForwardTsnChunk.TryParse(chunk, out var interleavedForward))
        {
            for (var i = 0; i < interleavedForward.StreamCount; i++)
            {
                interleavedForward.GetStream(i);
            }
        }

        var parameters = new TlvReader(chunk.Value);
        while (parameters.TryRead(out var parameter))
        {
            OutgoingResetRequest.TryParse(parameter.Value, out _);
            ReconfigurationResponse.TryParse(parameter.Value, out _);
        }
    }
}
