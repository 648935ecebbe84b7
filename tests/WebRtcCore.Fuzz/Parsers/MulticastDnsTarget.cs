using WebRtcCore.Dns;
using WebRtcCore.Primitives;

namespace WebRtcCore.Fuzz.Parsers;

/// <summary>A DNS message with every accessor, and what a resolver and a responder make of it.</summary>
internal sealed class MulticastDnsTarget : FuzzTarget
{
    private const string Wanted = "wanted.local";
    private const string Published = "published.local";
    private static readonly TransportAddress Link = TransportAddress.Parse("192.0.2.1", MulticastDns.Port);
    private static readonly TransportAddress Other = TransportAddress.Parse("192.0.2.2", MulticastDns.Port);

    public override string Name => "mdns";

    public override IEnumerable<byte[]> Seeds() =>
    [
        Write(0, Published),
        Write(DnsFormat.ResponseFlag, Wanted),
        Write(DnsFormat.ResponseFlag, "other.local"),
        Convert.FromHexString("000184000001000100000000055f7374756e045f756470076578616d706c65036f72670000210001c00c0021000100000078000d000000000d96047374756ec017"),
    ];

    public override void Run(ReadOnlySpan<byte> input)
    {
        ReadAll(input);
        var resolver = new MulticastNameResolver();
        var responder = new MulticastNameResponder();
        resolver.TryResolve(Wanted, [Link], Instant.Zero);
        responder.TryPublish(Published, Link, [Link]);
        var path = new NetworkPath(Link, Other);
        resolver.HandleDatagram(input, path);
        responder.HandleDatagram(input, path, Instant.Zero);
        responder.HandleDatagram(input, path, Instant.Zero + TimeSpan.FromMilliseconds(1));
        responder.HandleTimeout(Instant.Zero + TimeSpan.FromSeconds(2));
        var buffer = new byte[MulticastDns.MaxMessageLength];
        var answers = 0;
        while (responder.TryPollTransmit(buffer, out var transmit))
        {
            answers++;
            Require(DnsMessageView.TryParse(buffer.AsSpan(0, transmit.Length), out var answer) && answer.IsResponse, "What is sent is a message.");
        }

        Require(answers <= 2, "A query is answered once, and once more a second later.");
        while (resolver.TryPollResult(out var result))
        {
            Require(result.Name == Wanted && !result.Address.IsNone && !result.Address.IsAny, "A result is what was asked for.");
        }
    }

    public override bool CanReachItsGoal()
    {
        var resolver = new MulticastNameResolver();
        resolver.TryResolve(Wanted, [Link], Instant.Zero);
        resolver.HandleDatagram(Write(DnsFormat.ResponseFlag, Wanted), new NetworkPath(Link, Other));
        return resolver.TryPollResult(out var result) && result.Address.HasSameAddress(Other);
    }

    private static byte[] Write(ushort flags, string name)
    {
        var buffer = new byte[256];
        var writer = new DnsMessageWriter(buffer, 0, flags);
        writer.TryAddQuestion(name, DnsRecordType.A);
        if (flags != 0)
        {
            writer.TryAddAddress(DnsSection.Answer, name, Other, 120, isUnique: true);
            writer.TryAddOnlyType(DnsSection.Additional, name, DnsRecordType.A, 120, isUnique: true);
        }

        return buffer[..writer.Length];
    }

    private static void ReadAll(ReadOnlySpan<byte> input)
    {
        if (!DnsMessageView.TryParse(input, out var message))
        {
            return;
        }

        var (count, questions) = (0, 0);
        foreach (var question in message.Questions)
        {
            questions++;
            Require((question.Name.ToString()?.Length ?? 0) < DnsFormat.MaxNameLength, "A name has a bound.");
        }

        foreach (var record in message.Records)
        {
            count++;
            Require(record.Data.Length <= input.Length, "A record lies within its message.");
            Require(!record.TryGetService(out var service) || service!.Target.Length < DnsFormat.MaxNameLength, "A target has a bound.");
            _ = (record.TryGetAddress(out _), record.Denies(DnsRecordType.Any), record.Denies(DnsRecordType.A), record.Name.ToString());
            if (record.TryGetAlias(out var alias))
            {
                _ = alias.ToString();
            }
        }

        Require(questions == message.QuestionCount, "All questions are read.");
        Require(count <= input.Length / 11, "Each record takes eleven bytes at least.");
    }
}
