using BenchmarkDotNet.Attributes;
using WebRtcCore.Sdp;

namespace WebRtcCore.Benchmarks;

/// <summary>A Chromium offer of audio, video and data: 7 KB. Once per negotiation, so it may allocate.</summary>
[MemoryDiagnoser]
public class SdpBenchmarks
{
    private readonly string _text;
    private readonly SdpSession _session;

    public SdpBenchmarks()
    {
        using var reader = new StreamReader(typeof(SdpBenchmarks).Assembly.GetManifestResourceStream("offer.sdp")!);
        _text = reader.ReadToEnd();
        _session = Sdp_Parse_ChromiumOffer();
    }

    [Benchmark]
    public SdpSession Sdp_Parse_ChromiumOffer() =>
        SdpSession.TryParse(_text, out var session, out var error) ? session : throw new InvalidOperationException(error.ToString());

    [Benchmark]
    public string Sdp_Write_ChromiumOffer() => _session.ToString();
}
