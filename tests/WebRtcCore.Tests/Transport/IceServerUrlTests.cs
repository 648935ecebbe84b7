using WebRtcCore.Primitives;
using WebRtcCore.Transport;

namespace WebRtcCore.Tests.Transport;

public class IceServerUrlTests
{
    [TestCase("stun:stun.example.org", "Stun", "stun.example.org", 3478, TransportProtocol.Udp)]
    [TestCase("stun:192.0.2.1:19302", "Stun", "192.0.2.1", 19_302, TransportProtocol.Udp)]
    [TestCase("STUN:[2001:db8::1]:5000", "Stun", "2001:db8::1", 5000, TransportProtocol.Udp)]
    [TestCase("stun:[2001:db8::1]", "Stun", "2001:db8::1", 3478, TransportProtocol.Udp)]
    [TestCase("stuns:example.org", "Stuns", "example.org", 5349, TransportProtocol.Tcp)]
    [TestCase("turn:example.org", "Turn", "example.org", 3478, TransportProtocol.Udp)]
    [TestCase("turn:example.org:80?transport=tcp", "Turn", "example.org", 80, TransportProtocol.Tcp)]
    [TestCase("turn:example.org?transport=udp", "Turn", "example.org", 3478, TransportProtocol.Udp)]
    [TestCase("turns:example.org", "Turns", "example.org", 5349, TransportProtocol.Tcp)]
    [TestCase("turns:example.org?transport=udp", "Turns", "example.org", 5349, TransportProtocol.Udp)]
    public void Reads_what_the_RFCs_allow(string text, string scheme, string host, int port, TransportProtocol transport)
    {
        Assert.That(IceServerUrl.TryParse(text, out var url));
        Assert.That(url, Is.EqualTo(new IceServerUrl(Enum.Parse<IceServerScheme>(scheme), host, port, transport) { HasPort = text.Contains($":{port}", StringComparison.Ordinal) }));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("stun")]
    [TestCase("stun:")]
    [TestCase(":example.org")]
    [TestCase("0:example.org")]
    [TestCase("http:example.org")]
    [TestCase("stun://example.org")]
    [TestCase("stun:user@example.org")]
    [TestCase("stun:example.org:")]
    [TestCase("stun:example.org:0")]
    [TestCase("stun:example.org:65536")]
    [TestCase("stun:example.org:-1")]
    [TestCase("stun:example.org:1x")]
    [TestCase("stun:example.org:99999999999")]
    [TestCase("stun:[::1")]
    [TestCase("stun:[::1]x")]
    [TestCase("stun:[192.0.2.1]")]
    [TestCase("stun:[]")]
    [TestCase("stun:[fe80::1%eth0]")]
    [TestCase("stun:[fe80::1%\u0018x]")]
    [TestCase("stun:a b")]
    [TestCase("stun:a\r\nb")]
    [TestCase("stun:example.org?transport=udp")]
    [TestCase("turn:example.org?transport=sctp")]
    [TestCase("turn:example.org?")]
    public void Refuses_everything_else(string? text)
    {
        Assert.That(IceServerUrl.TryParse(text, out var url), Is.False);
        Assert.That(url, Is.Null);
    }
}
