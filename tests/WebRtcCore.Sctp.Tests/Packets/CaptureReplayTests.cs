using WebRtcCore.Sctp.Chunks;
using WebRtcCore.Sctp.Dcep;
using WebRtcCore.Sctp.Packets;
using WebRtcCore.Sctp.Parameters;
using WebRtcCore.Testing;

namespace WebRtcCore.Sctp.Tests.Packets;

/// <summary>What the browsers sent to one another parses, and is written again to the same bytes.</summary>
public class CaptureReplayTests
{
    private static IEnumerable<string> Captures() => TestData.Files("corpus/sctp", "*.pcap").Select(path => Path.GetFileName(path));

    [TestCaseSource(nameof(Captures))]
    public void Every_packet_parses_and_has_a_good_checksum(string capture)
    {
        var packets = PcapReader.Read(TestData.Path("corpus/sctp/" + capture));
        Assert.That(packets, Is.Not.Empty);
        foreach (var packet in packets)
        {
            Assert.That(PacketView.TryParse(packet.Payload, out var view), Is.True);
            Assert.That(view.HasValidChecksum, Is.True);
        }
    }

    [TestCaseSource(nameof(Captures))]
    public void Every_packet_is_written_again_to_the_same_bytes(string capture)
    {
        foreach (var packet in PcapReader.Read(TestData.Path("corpus/sctp/" + capture)))
        {
            Assert.That(PacketView.TryParse(packet.Payload, out var view), Is.True);
            Assert.That(Rewrite(view), Is.EqualTo(packet.Payload), $"{packet.Time}");
        }
    }

    [Test]
    public void Open_messages_are_written_again_to_the_same_bytes()
    {
        var count = 0;
        foreach (var packet in Captures().SelectMany(capture => PcapReader.Read(TestData.Path("corpus/sctp/" + capture))))
        {
            Assert.That(PacketView.TryParse(packet.Payload, out var view), Is.True);
            var chunks = view.Chunks;
            while (chunks.TryRead(out var chunk))
            {
                if (chunk.Type == ChunkType.Data && DataChunk.TryParse(chunk, out var data) && data.PayloadProtocolId == 50 && !AckMessage.Is(data.Payload))
                {
                    Assert.That(OpenMessage.TryParse(data.Payload, data.StreamId, out var parameters), Is.True);
                    Assert.That(OpenMessage.Encode(parameters!), Is.EqualTo(data.Payload.ToArray()));
                    count++;
                }
            }
        }

        Assert.That(count, Is.GreaterThan(1));
    }

    private static byte[] Rewrite(in PacketView packet)
    {
        var bytes = new byte[2000];
        var writer = new PacketWriter(bytes, packet.Header);
        var chunks = packet.Chunks;
        while (chunks.TryRead(out var chunk))
        {
            Rewrite(chunk, ref writer);
        }

        return bytes[..writer.Complete()];
    }

    private static void Rewrite(ChunkView chunk, ref PacketWriter writer)
    {
        switch (chunk.Type)
        {
            case ChunkType.Data:
                Assert.That(DataChunk.TryParse(chunk, out var data), Is.True);
                DataChunk.Write(ref writer, data.Flags, data.Tsn, data.StreamId, data.StreamSequenceNumber, data.PayloadProtocolId, data.Payload);
                break;
            case ChunkType.Init or ChunkType.InitAck:
                Assert.That(InitChunk.TryParse(chunk, out var init), Is.True);
                init!.Write(ref writer);
                break;
            case ChunkType.Sack:
                RewriteSack(chunk, ref writer);
                break;
            case ChunkType.ReConfig:
                RewriteReConfig(chunk, ref writer);
                break;
            case ChunkType.Abort:
                var abort = AbortChunk.Parse(chunk);
                writer.AddEncoded(AbortChunk.Encode(abort.IsTagReflected, abort.CauseCode, System.Text.Encoding.UTF8.GetBytes(abort.Reason ?? "")));
                break;
            case ChunkType.CookieEcho or ChunkType.CookieAck:
                writer.AddEncoded(chunk.Bytes);
                break;
            default:
                Assert.Fail($"No writer for {chunk.Type}");
                break;
        }
    }

    private static void RewriteSack(ChunkView chunk, ref PacketWriter writer)
    {
        Assert.That(SackChunk.TryParse(chunk, out var sack), Is.True);
        var rest = SackChunk.Write(ref writer, sack.CumulativeTsn, sack.ReceiverWindow, sack.GapCount, sack.DuplicateCount);
        var position = 0;
        for (var i = 0; i < sack.GapCount; i++)
        {
            var (start, end) = sack.GetGap(i);
            System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(rest[position..], start);
            System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(rest[(position + 2)..], end);
            position += 4;
        }

        for (var i = 0; i < sack.DuplicateCount; i++)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(rest[position..], sack.GetDuplicate(i).Value);
            position += 4;
        }
    }

    private static void RewriteReConfig(ChunkView chunk, ref PacketWriter writer)
    {
        Assert.That(new TlvReader(chunk.Value).TryRead(out var parameter), Is.True);
        if (parameter.Type == ParameterType.OutgoingResetRequest)
        {
            Assert.That(OutgoingResetRequest.TryParse(parameter.Value, out var request), Is.True);
            writer.AddEncoded(ReConfigChunk.Encode(request!));
        }
        else
        {
            Assert.That(ReconfigurationResponse.TryParse(parameter.Value, out var response), Is.True);
            writer.AddEncoded(ReConfigChunk.Encode(response));
        }
    }
}
