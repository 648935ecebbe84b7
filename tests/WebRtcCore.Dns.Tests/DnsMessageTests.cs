using CsCheck;
using WebRtcCore.Primitives;

namespace WebRtcCore.Dns.Tests;

[TestFixture]
public class DnsMessageTests
{

    [Test]
    public void A_query_is_read_as_it_was_written()
    {
        Span<byte> buffer = stackalloc byte[512];
        var writer = new DnsMessageWriter(buffer, 0x1234, DnsFormat.RecursionDesiredFlag);
        Assert.That(writer.TryAddQuestion("_stun._udp.example.org", DnsRecordType.Srv));
        var bytes = buffer[..writer.Length];
        Assert.That(DnsMessageView.TryParse(bytes, out var message));
        Assert.That(message.Id, Is.EqualTo(0x1234));
        Assert.That(message.IsResponse, Is.False);
        Assert.That(message.IsStandard);
        Assert.That(message.QuestionCount, Is.EqualTo(1));
        var count = 0;
        foreach (var question in message.Questions)
        {
            count++;
            Assert.That(question.Name.Is("_STUN._udp.example.org"));
            Assert.That(question.Type, Is.EqualTo(DnsRecordType.Srv));
            Assert.That(question.IsInternet);
        }

        Assert.That(count, Is.EqualTo(1));
    }

    [Test]
    public void Records_are_read_as_they_were_written()
    {
        Span<byte> buffer = stackalloc byte[512];
        var service = new DnsService(10, 5, 3478, "stun.example.org");
        var writer = new DnsMessageWriter(buffer, 7, DnsFormat.ResponseFlag);
        Assert.That(writer.TryAddService(DnsSection.Answer, "_stun._udp.example.org", service, 3600));
        Assert.That(writer.TryAddAddress(DnsSection.Additional, "stun.example.org", TransportAddress.Parse("192.0.2.1", 9), 60, isUnique: true));
        Assert.That(writer.TryAddAddress(DnsSection.Additional, "stun.example.org", TransportAddress.Parse("2001:db8::1", 9), 60, isUnique: false));
        Assert.That(writer.TryAddOnlyType(DnsSection.Additional, "a.local", DnsRecordType.Aaaa, 120, isUnique: true));
        Assert.That(writer.TryAddAddress(DnsSection.Answer, "too.late", TransportAddress.Parse("192.0.2.1", 9), 60, isUnique: false), Is.False);
        Assert.That(DnsMessageView.TryParse(buffer[..writer.Length], out var message));
        var seen = new List<string>();
        foreach (var record in message.Records)
        {
            if (record.TryGetService(out var read))
            {
                seen.Add($"{record.Section} {read}");
            }
            else if (record.TryGetAddress(out var address))
            {
                seen.Add($"{record.Section} {record.Name.ToString()} {address.ToIPAddress()} {record.TimeToLiveSeconds} {record.IsCacheFlush}");
            }
            else
            {
                seen.Add($"{record.Type} {record.Denies(DnsRecordType.A)} {record.Denies(DnsRecordType.Aaaa)} {record.Denies(DnsRecordType.Srv)}");
            }
        }

        Assert.That(seen, Is.EqualTo(new[]
        {
            $"Answer {service}",
            "Additional stun.example.org 192.0.2.1 60 True",
            "Additional stun.example.org 2001:db8::1 60 False",
            "Nsec True False True",
        }));
    }

    [Test]
    public void What_does_not_fit_is_refused_and_the_rest_stays_a_message()
    {
        Span<byte> buffer = stackalloc byte[60];
        var writer = new DnsMessageWriter(buffer, 0, DnsFormat.ResponseFlag);
        var added = 0;
        while (writer.TryAddAddress(DnsSection.Answer, "a.local", TransportAddress.Parse("192.0.2.1", 0), 120, isUnique: true))
        {
            added++;
        }

        Assert.That(added, Is.EqualTo(2));
        Assert.That(DnsMessageView.TryParse(buffer[..writer.Length], out _));
    }

    [Test]
    public void Compressed_targets_of_a_service_are_read()
    {
        // Multicast responders compress the target too: "stun" and a pointer to "example.org" in the question.
        var message = Convert.FromHexString(
            "000184000001000100000000" + "055f7374756e045f756470076578616d706c65036f72670000210001"
            + "c00c0021000100000078" + "000d" + "000000000d96" + "047374756ec017");
        Assert.That(DnsMessageView.TryParse(message, out var view));
        foreach (var record in view.Records)
        {
            Assert.That(record.TryGetService(out var service));
            Assert.That(service, Is.EqualTo(new DnsService(0, 0, 3478, "stun.example.org")));
        }
    }

    [Test]
    public void Every_prefix_and_every_changed_byte_is_read_without_an_exception()
    {
        var valid = Valid();
        for (var length = 0; length < valid.Length; length++)
        {
            Assert.That(DnsMessageView.TryParse(valid.AsSpan(0, length), out _), Is.False);
        }

        for (var i = 0; i < valid.Length; i++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                var changed = (byte[])valid.Clone();
                changed[i] ^= (byte)(1 << bit);
                ReadAll(changed);
            }
        }
    }

    [Test]
    public void Left_over_bytes_are_refused() => Assert.That(DnsMessageView.TryParse([.. Valid(), 0], out _), Is.False);

    [Test]
    public void Names_survive_the_round_trip() =>
        Gen.Char['a', 'z'].Array[1, 20].Select(c => new string(c)).Array[1, 8].Select(labels => string.Join('.', labels)).Sample(name =>
        {
            var buffer = new byte[400];
            var writer = new DnsMessageWriter(buffer, 1, 0);
            writer.TryAddQuestion(name, DnsRecordType.A);
            var isSame = false;
            if (DnsMessageView.TryParse(buffer.AsSpan(0, writer.Length), out var message))
            {
                foreach (var question in message.Questions)
                {
                    isSame = question.Name.ToString() == name;
                }
            }

            return isSame;
        });

    internal static byte[] Valid()
    {
        var buffer = new byte[512];
        var writer = new DnsMessageWriter(buffer, 7, DnsFormat.ResponseFlag);
        writer.TryAddQuestion("_stun._udp.example.org", DnsRecordType.Srv);
        writer.TryAddService(DnsSection.Answer, "_stun._udp.example.org", new DnsService(1, 2, 3478, "stun.example.org"), 3600);
        writer.TryAddAddress(DnsSection.Additional, "stun.example.org", TransportAddress.Parse("192.0.2.1", 0), 60, isUnique: true);
        writer.TryAddOnlyType(DnsSection.Additional, "a.local", DnsRecordType.A, 120, isUnique: true);
        return buffer[..writer.Length];
    }

    internal static int ReadAll(ReadOnlySpan<byte> bytes)
    {
        var count = 0;
        if (DnsMessageView.TryParse(bytes, out var message))
        {
            foreach (var question in message.Questions)
            {
                count++;
                _ = question.Name.ToString();
            }

            foreach (var record in message.Records)
            {
                count++;
                _ = (record.Name.ToString(), record.TryGetAddress(out _), record.TryGetService(out _), record.Denies(DnsRecordType.A));
                if (record.TryGetAlias(out var alias))
                {
                    _ = alias.ToString();
                }
            }
        }

        return count;
    }
}
