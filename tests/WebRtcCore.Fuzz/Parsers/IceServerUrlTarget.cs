using System.Text;
using WebRtcCore.Transport;

namespace WebRtcCore.Fuzz.Parsers;

/// <summary>URLs of STUN and TURN servers.</summary>
internal sealed class IceServerUrlTarget : FuzzTarget
{
    public override string Name => "ice-server-url";

    public override IEnumerable<byte[]> Seeds() =>
        new[] { "stun:stun.example.org:19302", "turn:[2001:db8::1]:80?transport=tcp", "turns:example.org", "stun:192.0.2.1" }.Select(SeedFiles.Utf8);

    public override void Run(ReadOnlySpan<byte> input)
    {
        if (IceServerUrl.TryParse(Encoding.UTF8.GetString(input), out var url))
        {
            Require(url is { Port: > 0 and <= 65_535, Host.Length: > 0 }, "A URL has a host and a port.");
            Require(!url!.Host.Any(static c => char.IsControl(c) || char.IsWhiteSpace(c) || c is '/' or '@' or '?'), "A host is a host.");
        }
    }
}
