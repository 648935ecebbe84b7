using BenchmarkDotNet.Attributes;
using WebRtcCore.Stun;

namespace WebRtcCore.Benchmarks;

/// <summary>A connectivity check as browsers send it: about 100 bytes, with integrity and fingerprint.</summary>
[MemoryDiagnoser]
public class StunBenchmarks
{
    private readonly byte[] _buffer = new byte[256];
    private readonly StunIntegrityKey _key = StunIntegrityKey.FromPassword("VOkJxbRl1RmTxUk/WvJxBt01");
    private byte[] _check = [];

    [GlobalSetup]
    public void Setup() => _check = _buffer.AsSpan(0, Stun_Write_100B()).ToArray();

    [Benchmark]
    public bool Stun_Parse_100B() => StunMessageView.TryParse(_check, out var message) && message.TryGetUInt32(StunAttributeType.Priority, out _);

    [Benchmark]
    public bool Stun_Check_100B() =>
        StunMessageView.TryParse(_check, out var message) && message.VerifyFingerprint() && message.VerifyMessageIntegrity(_key);

    [Benchmark]
    public int Stun_Write_100B()
    {
        var writer = new StunMessageWriter(_buffer, StunClass.Request, StunMethod.Binding, new StunTransactionId(1, 2));
        writer.AddText(StunAttributeType.Username, "evtj:h6vYabcd");
        writer.AddUInt64(StunAttributeType.IceControlling, 0x932F_F9B1_5126_3B36);
        writer.AddFlag(StunAttributeType.UseCandidate);
        writer.AddUInt32(StunAttributeType.Priority, 0x6E00_01FF);
        writer.AddMessageIntegrity(_key);
        writer.AddFingerprint();
        return writer.Length;
    }
}
