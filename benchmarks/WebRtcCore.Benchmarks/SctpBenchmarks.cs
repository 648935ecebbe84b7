using BenchmarkDotNet.Attributes;
using WebRtcCore.Sctp.Packets;

namespace WebRtcCore.Benchmarks;

/// <summary>Messages through two data channel sessions in memory, acknowledgements included, and the checksum of a packet.</summary>
[MemoryDiagnoser]
public class SctpBenchmarks
{
    private readonly byte[] _packet = new byte[1200];
    private readonly byte[] _large = new byte[65_536];
    private readonly byte[] _small = new byte[100];
    private SctpLoop _interleaving = null!;
    private SctpLoop _plain = null!;

    [GlobalSetup]
    public void Setup()
    {
        _interleaving = new SctpLoop(isInterleaving: true);
        _plain = new SctpLoop(isInterleaving: false);
    }

    [Benchmark]
    public uint Sctp_Crc32c_1200B() => Crc32c.ComputePacket(_packet);

    [Benchmark]
    public int Sctp_Transfer_64KiB() => _plain.Transfer(_large);

    [Benchmark]
    public int Sctp_Transfer_100B() => _plain.Transfer(_small);

    [Benchmark]
    public int Sctp_TransferInterleaved_64KiB() => _interleaving.Transfer(_large);

    [Benchmark]
    public int Sctp_TransferInterleaved_100B() => _interleaving.Transfer(_small);
}
