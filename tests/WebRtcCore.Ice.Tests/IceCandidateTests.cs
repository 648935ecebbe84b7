using CsCheck;
using WebRtcCore.Primitives;

namespace WebRtcCore.Ice.Tests;

[TestFixture]
public class IceCandidateTests
{
    private const string Chromium = "candidate:842163049 1 udp 1677729535 192.0.2.1 46154 typ srflx raddr 10.0.17.1 rport 50000 generation 0 ufrag EEtu network-id 1 network-cost 10";

    [Test]
    public void Reads_what_chromium_writes()
    {
        Assert.That(IceCandidate.TryParse(Chromium, out var candidate), Is.True);
        Assert.That(candidate!.Foundation, Is.EqualTo("842163049"));
        Assert.That(candidate.Component, Is.EqualTo(1));
        Assert.That(candidate.Protocol, Is.EqualTo(TransportProtocol.Udp));
        Assert.That(candidate.Priority, Is.EqualTo(1677729535));
        Assert.That(candidate.Address, Is.EqualTo(TransportAddress.Parse("192.0.2.1", 46154)));
        Assert.That(candidate.Type, Is.EqualTo(IceCandidateType.ServerReflexive));
        Assert.That(candidate.RelatedAddress, Is.EqualTo(TransportAddress.Parse("10.0.17.1", 50000)));
        Assert.That(candidate.UsernameFragment, Is.EqualTo("EEtu"));
        Assert.That(candidate.GetExtension("generation"), Is.EqualTo("0"));
        Assert.That(candidate.GetExtension("network-cost"), Is.EqualTo("10"));
        Assert.That(candidate.GetExtension("10"), Is.Null, "a value is no name");
        Assert.That(candidate.GetExtension("foo"), Is.Null);
    }

    [TestCase("candidate:0 1 UDP 2122252543 10.0.0.5 51456 typ host", IceCandidateType.Host)]
    [TestCase("candidate:7 1 TCP 2105524479 2001:db8::5 9 typ host tcptype active", IceCandidateType.Host)]
    [TestCase("candidate:2 2 UDP 1 10.0.0.5 51457 typ relay raddr 192.0.2.7 rport 4000", IceCandidateType.Relay)]
    [TestCase("candidate:x 1 udp 1 10.0.0.5 1 typ prflx", IceCandidateType.PeerReflexive)]
    public void Reads_every_type_with_and_without_the_sdp_prefix(string text, IceCandidateType type)
    {
        foreach (var prefix in new[] { "", "a=" })
        {
            Assert.That(IceCandidate.TryParse(prefix + text, out var candidate), Is.True);
            Assert.That(candidate!.Type, Is.EqualTo(type));
            Assert.That(candidate.ToString(), Is.EqualTo(text).IgnoreCase);
        }
    }

    [Test]
    public void Keeps_a_name_in_the_place_of_the_address()
    {
        const string text = "candidate:1 1 udp 2113937151 7f3b0ad1-2f3c-4d5e-8a9b-0c1d2e3f4a5b.local 5353 typ host";
        Assert.That(IceCandidate.TryParse(text, out var candidate), Is.True);
        Assert.That(candidate!.Address.IsNone, Is.True);
        Assert.That(candidate.HostName, Is.EqualTo("7f3b0ad1-2f3c-4d5e-8a9b-0c1d2e3f4a5b.local"));
        Assert.That(candidate.Port, Is.EqualTo(5353));
        Assert.That(candidate.ToString(), Is.EqualTo(text));
    }

    [TestCase("")]
    [TestCase("candidate:")]
    [TestCase("candidate:1 1 udp 1 10.0.0.1 5000")]
    [TestCase("candidate:1 1 udp 1 10.0.0.1 5000 typ")]
    [TestCase("candidate:1 1 udp 1 10.0.0.1 5000 typ new")]
    [TestCase("candidate:1 1 sctp 1 10.0.0.1 5000 typ host")]
    [TestCase("candidate:1 0 udp 1 10.0.0.1 5000 typ host")]
    [TestCase("candidate:1 257 udp 1 10.0.0.1 5000 typ host")]
    [TestCase("candidate:1 1 udp 4294967296 10.0.0.1 5000 typ host")]
    [TestCase("candidate:1 1 udp -1 10.0.0.1 5000 typ host")]
    [TestCase("candidate:1 1 udp 1 10.0.0.1 65536 typ host")]
    [TestCase("candidate:1 1 udp 1 10.0.0.1 5000 typ host generation")]
    [TestCase("candidate:1 1 udp 1 10.0.0.1 5000 typ srflx raddr 1.2.3.4 rport 99999")]
    [TestCase("candidate:123456789012345678901234567890123 1 udp 1 10.0.0.1 5000 typ host")]
    [TestCase("candidate:1 1 udp 1 10.0.0.1 5000 typ host\r\na=x 1")]
    [TestCase("candidate:1 1 udp 1 10.0.0.1 5000 typ host g\u00e9 1")]
    public void Refuses_what_breaks_the_grammar(string text) => Assert.That(IceCandidate.TryParse(text, out _), Is.False);

    [TestCase("1")]
    [TestCase("0x7f.0.0.1")]
    [TestCase("10.0.0")]
    [TestCase("fe80::1%eth0")]
    public void Takes_half_an_address_for_a_name(string address)
    {
        Assert.That(IceCandidate.TryParse($"candidate:1 1 udp 1 {address} 5000 typ host", out var candidate), Is.True);
        Assert.That(candidate!.Address.IsNone, Is.True);
    }

    // security.md row 34, as far as candidates go.
    [TestCase("1\r\na=evil")]
    [TestCase("1 2")]
    [TestCase("")]
    public void Fields_that_would_inject_lines_are_refused(string text)
    {
        var candidate = Bench.Candidate(Bench.Local);
        Assert.That(() => candidate with { Foundation = text }, Throws.InstanceOf<ArgumentException>());
        Assert.That(() => candidate with { HostName = text }, Throws.InstanceOf<ArgumentException>());
        Assert.That(() => candidate with { UsernameFragment = text }, Throws.InstanceOf<ArgumentException>());
        Assert.That(() => candidate with { Extensions = "a\nb" }, Throws.InstanceOf<ArgumentException>());
    }

    [Test]
    public void Every_prefix_and_every_changed_character_is_read_without_an_exception()
    {
        for (var i = 0; i < Chromium.Length; i++)
        {
            _ = IceCandidate.TryParse(Chromium.AsSpan(0, i), out _);
            foreach (var c in "\0\n :%z9")
            {
                var text = Chromium.ToCharArray();
                text[i] = c;
                if (IceCandidate.TryParse(text, out var candidate))
                {
                    Assert.That(IceCandidate.TryParse(candidate.ToString(), out var again), Is.True);
                    Assert.That(again, Is.EqualTo(candidate));
                }
            }
        }
    }

    [Test]
    public void Reads_back_what_it_writes() => Gen.Select(
            Gen.Char["abcXYZ019+/"].Array[1, 32],
            Gen.UInt,
            Gen.OneOf(Gen.Byte.Array[4], Gen.Byte.Array[16]),
            Gen.UShort,
            Gen.Enum<IceCandidateType>(),
            Gen.Bool,
            Gen.Bool)
        .Sample((foundation, priority, address, port, type, isTcp, hasMore) =>
        {
            var candidate = new IceCandidate
            {
                Foundation = new string(foundation),
                Priority = priority,
                Protocol = isTcp ? TransportProtocol.Tcp : TransportProtocol.Udp,
                TcpType = isTcp ? IceTcpType.Passive : null,
                Address = TransportAddress.FromBytes(address, port),
                Port = port,
                Type = type,
                RelatedAddress = hasMore ? TransportAddress.FromBytes(address, 9) : null,
                UsernameFragment = hasMore ? "uf" : null,
                Extensions = hasMore ? "generation 0 network-id 3" : "",
            };
            return IceCandidate.TryParse(candidate.ToString(), out var read) && read == candidate;
        });
}
