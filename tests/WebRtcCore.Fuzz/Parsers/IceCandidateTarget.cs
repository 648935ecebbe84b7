using System.Text;

namespace WebRtcCore.Fuzz.Parsers;

/// <summary>The candidate attribute: what parses writes to one line that parses to the same.</summary>
internal sealed class IceCandidateTarget : FuzzTarget
{
    public override string Name => "ice-candidate";

    public override IEnumerable<byte[]> Seeds() => new[]
    {
        "candidate:842163049 1 udp 1677729535 203.0.113.7 50311 typ srflx raddr 192.0.2.1 rport 50311 generation 0 ufrag EsAw network-id 1 network-cost 10",
        "a=candidate:1 1 UDP 2122252543 2001:db8::1 41234 typ host",
        "candidate:0 1 TCP 2105524479 192.0.2.1 9 typ host tcptype active",
        "candidate:1 2 udp 1 e4b5ba9e-8a0f-4e0c-9d4b-2c6d1c9c1a11.local 60000 typ host",
        "candidate:r 1 udp 33562623 198.51.100.3 3478 typ relay raddr 0.0.0.0 rport 0",
    }.Select(SeedFiles.Utf8);

    public override void Run(ReadOnlySpan<byte> input)
    {
        if (!Ice.IceCandidate.TryParse(Encoding.UTF8.GetString(input), out var candidate))
        {
            return;
        }

        var text = candidate.ToString();
        Require(text.AsSpan().IndexOfAny('\r', '\n') < 0, "A candidate is one line.");
        Require(Ice.IceCandidate.TryParse(text, out var again) && again.ToString() == text, "A written candidate reads back.");
        _ = candidate.GetExtension("network-cost");
    }
}
