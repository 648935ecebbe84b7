using System.Buffers.Binary;
using BenchmarkDotNet.Attributes;
using WebRtcCore.Srtp;

namespace WebRtcCore.Benchmarks;

/// <summary>Protecting packets, and protecting and unprotecting them: a packet can be unprotected only once.</summary>
[MemoryDiagnoser]
public class SrtpBenchmarks
{
    private const int Video = 1200;
    private const int Audio = 160;
    private const int RtcpLength = 60;

    private readonly byte[] _packet = new byte[1500];
    private readonly byte[] _rtcp = new byte[200];
    private readonly Direction _gcm128 = new(SrtpProfile.AeadAes128Gcm);
    private readonly Direction _gcm256 = new(SrtpProfile.AeadAes256Gcm);
    private readonly Direction _sha80 = new(SrtpProfile.Aes128CmHmacSha1_80);
    private readonly Direction _sha32 = new(SrtpProfile.Aes128CmHmacSha1_32);
    private ushort _sequenceNumber;

    [GlobalSetup]
    public void Setup()
    {
        // A receiver report with one block, and the header of an RTP packet.
        (_rtcp[0], _rtcp[1], _rtcp[3]) = (0x81, 201, (RtcpLength / 4) - 1);
        (_packet[0], _packet[1], _packet[8]) = (0x80, 96, 1);
    }

    [Benchmark]
    public int Srtp_ProtectGcm128_1200B() => Protect(_gcm128, Video);

    [Benchmark]
    public int Srtp_ProtectGcm128_160B() => Protect(_gcm128, Audio);

    [Benchmark]
    public int Srtp_ProtectGcm256_1200B() => Protect(_gcm256, Video);

    [Benchmark]
    public int Srtp_ProtectCmSha1_80_1200B() => Protect(_sha80, Video);

    [Benchmark]
    public int Srtp_ProtectCmSha1_80_160B() => Protect(_sha80, Audio);

    [Benchmark]
    public int Srtp_ProtectCmSha1_32_160B() => Protect(_sha32, Audio);

    [Benchmark]
    public int Srtp_RoundTripGcm128_1200B() => RoundTrip(_gcm128, Video);

    [Benchmark]
    public int Srtp_RoundTripGcm256_1200B() => RoundTrip(_gcm256, Video);

    [Benchmark]
    public int Srtp_RoundTripCmSha1_80_1200B() => RoundTrip(_sha80, Video);

    [Benchmark]
    public int Srtcp_RoundTripGcm128_60B()
    {
        _gcm128.Sender.ProtectRtcp(_rtcp, RtcpLength, out var length);
        var result = _gcm128.Receiver.UnprotectRtcp(_rtcp.AsSpan(0, length), out length);
        return result == SrtpResult.Success ? length : throw new InvalidOperationException(result.ToString());
    }

    [Benchmark]
    public int Srtcp_RoundTripCmSha1_80_60B()
    {
        _sha80.Sender.ProtectRtcp(_rtcp, RtcpLength, out var length);
        var result = _sha80.Receiver.UnprotectRtcp(_rtcp.AsSpan(0, length), out length);
        return result == SrtpResult.Success ? length : throw new InvalidOperationException(result.ToString());
    }

    private int Protect(Direction direction, int length)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_packet.AsSpan(2), ++_sequenceNumber);
        var result = direction.Sender.ProtectRtp(_packet, length, out var protectedLength);
        return result == SrtpResult.Success ? protectedLength : throw new InvalidOperationException(result.ToString());
    }

    private int RoundTrip(Direction direction, int length)
    {
        var protectedLength = Protect(direction, length);
        var result = direction.Receiver.UnprotectRtp(_packet.AsSpan(0, protectedLength), out var plainLength);
        return result == SrtpResult.Success ? plainLength : throw new InvalidOperationException(result.ToString());
    }

    private sealed class Direction
    {
        public Direction(SrtpProfile profile)
        {
            var key = Enumerable.Range(1, profile.GetKeyLength()).Select(i => (byte)i).ToArray();
            var salt = Enumerable.Range(101, profile.GetSaltLength()).Select(i => (byte)i).ToArray();
            Sender = new SrtpContext(profile, key, salt);
            Receiver = new SrtpContext(profile, key, salt);
        }

        public SrtpContext Sender { get; }

        public SrtpContext Receiver { get; }
    }
}
