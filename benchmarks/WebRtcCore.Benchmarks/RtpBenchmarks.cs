using BenchmarkDotNet.Attributes;
using WebRtcCore.Rtp;
using WebRtcCore.Rtp.Rtcp;

namespace WebRtcCore.Benchmarks;

/// <summary>RTP packets with the header extensions that browsers send, and an RTCP compound.</summary>
[MemoryDiagnoser]
public class RtpBenchmarks
{
    private const byte MidId = 4;
    private const byte TransportSequenceId = 3;

    private readonly byte[] _buffer = new byte[1500];
    private readonly byte[] _payload = new byte[1160];
    private readonly byte[] _rtcp = new byte[128];
    private byte[] _packet = [];
    private int _rtcpLength;
    private ushort _sequenceNumber;

    [GlobalSetup]
    public void Setup()
    {
        _packet = _buffer.AsSpan(0, Rtp_Write_1200B()).ToArray();

        // A receiver report with one block and a picture loss indication.
        ReadOnlySpan<byte> compound =
        [
            0x81, 201, 0, 7, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0,
            0x81, 206, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2,
        ];
        compound.CopyTo(_rtcp);
        _rtcpLength = compound.Length;
    }

    [Benchmark]
    public int Rtp_Parse_1200B() => RtpPacketView.TryParse(_packet, out var packet) ? packet.Payload.Length : 0;

    [Benchmark]
    public int Rtp_ReadExtensions_1200B()
    {
        var length = 0;
        if (RtpPacketView.TryParse(_packet, out var packet))
        {
            foreach (var element in packet.Extensions)
            {
                length += element.Value.Length;
            }
        }

        return length;
    }

    [Benchmark]
    public int Rtp_Write_1200B()
    {
        var writer = new RtpPacketWriter(_buffer, new Ssrc(0x1234_5678), new PayloadType(96), ++_sequenceNumber, 90_000, marker: true);
        writer.TryAddExtension(TransportSequenceId, [0x12, 0x34]);
        writer.TryAddExtension(MidId, "0"u8);
        writer.TryAddPayload(_payload);
        return writer.Complete();
    }

    [Benchmark]
    public int Rtcp_Parse_44B()
    {
        var count = 0;
        if (RtcpCompound.TryParse(_rtcp.AsSpan(0, _rtcpLength), out var compound))
        {
            foreach (var packet in compound)
            {
                count += packet.Count;
            }
        }

        return count;
    }
}
