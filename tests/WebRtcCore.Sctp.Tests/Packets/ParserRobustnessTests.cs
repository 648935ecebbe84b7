using System.Text.Json;
using WebRtcCore.Sctp.Chunks;
using WebRtcCore.Sctp.Dcep;
using WebRtcCore.Sctp.Packets;
using WebRtcCore.Sctp.Parameters;
using WebRtcCore.Sctp.Tests.Support;
using WebRtcCore.Testing;

namespace WebRtcCore.Sctp.Tests.Packets;

/// <summary>Every parser against every prefix and every changed byte of everything known to be well-formed: a result, never an exception.</summary>
public class ParserRobustnessTests
{
    [Test]
    public void Chunk_parsers_survive_every_prefix_and_every_changed_byte()
    {
        foreach (var chunk in KnownChunks())
        {
            ForEachVariant(chunk, static bytes => ParseChunks(bytes));
        }
    }

    [Test]
    public void Packet_parser_survives_every_prefix_and_every_changed_byte()
    {
        foreach (var packet in CapturedPackets().Where(packet => packet.Length < 200).Take(200))
        {
            ForEachVariant(packet, static bytes =>
            {
                if (PacketView.TryParse(bytes, out var view))
                {
                    _ = view.HasValidChecksum;
                    _ = view.HasSingleChunk;
                    ParseChunks(bytes[CommonHeader.Length..]);
                }
            });
        }
    }

    [Test]
    public void Open_message_parser_survives_every_prefix_and_every_changed_byte()
    {
        var message = OpenMessage.Encode(new DataChannelParameters { Label = "chat ü", Protocol = "json", MaxRetransmits = 3 });
        ForEachVariant(message, static bytes => OpenMessage.TryParse(bytes, 1, out _));
    }

    [Test]
    public void Rejects_chunk_with_length_below_its_header() =>
        Assert.That(PacketView.TryParse(Bytes.FromHex("1388138800000001 00000000 00030000"), out _), Is.False);

    [Test]
    public void Rejects_chunk_longer_than_the_packet() =>
        Assert.That(PacketView.TryParse(Bytes.FromHex("1388138800000001 00000000 00030014 00000000"), out _), Is.False);

    [Test]
    public void Rejects_packet_without_chunks() => Assert.That(PacketView.TryParse(new byte[12], out _), Is.False);

    [Test]
    public void Rejects_sack_whose_counts_exceed_the_chunk()
    {
        // One gap block promised, none there; then one duplicate promised, none there; then bytes left over.
        foreach (var hex in new[] { "03000010 00000001 00000000 00010000", "03000010 00000001 00000000 00000001", "03000014 00000001 00000000 00000000 00000000" })
        {
            new ChunkReader(Bytes.FromHex(hex)).TryRead(out var chunk);
            Assert.That(SackChunk.TryParse(chunk, out _), Is.False, hex);
        }
    }

    [Test]
    public void Parameter_reader_stops_at_zero_and_excessive_lengths()
    {
        foreach (var hex in new[] { "00070000", "00070003", "00070005", "0007FFFF00000000", "000700" })
        {
            var reader = new TlvReader(Bytes.FromHex(hex));
            Assert.That(reader.TryRead(out _), Is.False, hex);
            Assert.That(reader.IsAtEnd, Is.False, hex);
        }
    }

    private static List<byte[]> KnownChunks()
    {
        using var vectors = JsonDocument.Parse(TestData.ReadText("vectors/sctp_crc32c.json"));
        return [.. vectors.RootElement.GetProperty("chunks").EnumerateArray().Select(chunk => Bytes.FromHex(chunk.GetProperty("bytes").GetString()!))];
    }

    private static IEnumerable<byte[]> CapturedPackets() =>
        TestData.Files("corpus/sctp", "*.pcap").SelectMany(PcapReader.Read).Select(packet => packet.Payload);

    private static void ForEachVariant(byte[] bytes, ReadOnlySpanAction parse)
    {
        for (var length = 0; length <= bytes.Length; length++)
        {
            parse(bytes.AsSpan(0, length));
        }

        for (var index = 0; index < bytes.Length; index++)
        {
            var original = bytes[index];
            foreach (var value in new byte[] { 0, 1, 0x7F, 0x80, 0xFF, (byte)(original ^ 1), (byte)(original + 4) })
            {
                bytes[index] = value;
                parse(bytes);
            }

            bytes[index] = original;
        }
    }

    private static void ParseChunks(ReadOnlySpan<byte> bytes)
    {
        var chunks = new ChunkReader(bytes);
        while (chunks.TryRead(out var chunk))
        {
            if (DataChunk.TryParse(chunk, out var data))
            {
                _ = data.Payload.Length;
            }

            if (SackChunk.TryParse(chunk, out var sack))
            {
                for (var i = 0; i < sack.GapCount; i++)
                {
                    _ = sack.GetGap(i);
                }

                for (var i = 0; i < sack.DuplicateCount; i++)
                {
                    _ = sack.GetDuplicate(i);
                }
            }

            if (ForwardTsnChunk.TryParse(chunk, out var forward))
            {
                for (var i = 0; i < forward.StreamCount; i++)
                {
                    _ = forward.GetStream(i);
                }
            }

            if (InterleavedDataChunk.TryParse(chunk, out var interleaved))
            {
                _ = (interleaved.PayloadProtocolId, interleaved.FragmentNumber, interleaved.Payload.Length);
            }

            if (InterleavedForwardTsnChunk.TryParse(chunk, out var interleavedForward))
            {
                for (var i = 0; i < interleavedForward.StreamCount; i++)
                {
                    _ = interleavedForward.GetStream(i);
                }
            }

            _ = InitChunk.TryParse(chunk, out _);
            _ = HeartbeatChunk.TryParse(chunk, out _);
            _ = ShutdownChunk.TryParse(chunk, out _);
            ErrorChunk.HasCause(chunk, CauseCode.StaleCookie);
            AbortChunk.Parse(chunk);
            var parameters = new TlvReader(chunk.Value);
            while (parameters.TryRead(out var parameter))
            {
                _ = OutgoingResetRequest.TryParse(parameter.Value, out _);
                _ = ReconfigurationResponse.TryParse(parameter.Value, out _);
            }
        }
    }

    private delegate void ReadOnlySpanAction(ReadOnlySpan<byte> bytes);
}
