using WebRtcCore.Primitives;

namespace WebRtcCore.Dns.Tests;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class MulticastNameTests
{
    private const string Name = "1f4712db-ea17-4bcf-a596-105139dfd8bf.local";
    private readonly MulticastLinkNode _asker = new("192.0.2.1");
    private readonly MulticastLinkNode _owner = new("192.0.2.2");
    private Instant _now = Instant.Zero + TimeSpan.FromMinutes(1);

    private static TransportAddress Address { get; } = TransportAddress.Parse("192.0.2.2", 0);

    [Test]
    public void A_published_name_is_found_at_once()
    {
        Assert.That(_owner.Responder.TryPublish(Name, Address, [_owner.Link]));
        Assert.That(_asker.Resolver.TryResolve(Name.ToUpperInvariant(), [_asker.Link], _now));
        MulticastLinkNode.Exchange(_now, _asker, _owner);
        Assert.That(_asker.Results(), Is.EqualTo(new[] { new MulticastNameResult(Name.ToUpperInvariant(), Address) }));
        Assert.That(_asker.Resolver.NextTimeout, Is.Null);
    }

    [Test]
    public void An_ipv6_name_is_found_and_that_it_has_no_ipv4_address_is_said()
    {
        var address = TransportAddress.Parse("2001:db8::2", 0);
        _owner.Responder.TryPublish(Name, address, [_owner.Link]);
        _asker.Resolver.TryResolve(Name, [_asker.Link], _now);
        var queries = _asker.Poll();
        Assert.That(queries.Select(query => QuestionsOf(query.Datagram)), Is.EqualTo(new[] { 1, 1 }), "Chromium reads no query with more than one");
        queries.ForEach(query => _owner.Hear(query.Datagram, _asker.Link, _now));
        var answer = _owner.Poll().First().Datagram;
        Assert.That(DnsMessageView.TryParse(answer, out var message));
        var denials = 0;
        foreach (var record in message.Records)
        {
            denials += record.Denies(DnsRecordType.A) ? 1 : 0;
            Assert.That(record.Denies(DnsRecordType.Aaaa), Is.False);
            Assert.That(record.IsCacheFlush);
        }

        Assert.That(denials, Is.EqualTo(1));
        _asker.Hear(answer, _owner.Link, _now);
        Assert.That(_asker.Results().Single().Address, Is.EqualTo(address));
    }

    [Test]
    public void A_name_is_asked_for_three_times_and_given_up_after_five_seconds()
    {
        var start = _now;
        _asker.Resolver.TryResolve(Name, [_asker.Link], _now);
        var times = new List<double>();
        while (true)
        {
            times.AddRange(_asker.Poll().Select(_ => (_now - start).TotalSeconds));
            if (_asker.Resolver.NextTimeout is not { } next)
            {
                break;
            }

            _now = next;
            _asker.Resolver.HandleTimeout(_now);
        }

        Assert.That(times, Is.EqualTo(new[] { 0.0, 0, 1, 1, 3, 3 }));
        Assert.That(_now - start, Is.EqualTo(MulticastNameResolver.TimeLimit));
        Assert.That(_asker.Results(), Is.EqualTo(new[] { new MulticastNameResult(Name, default) }));
    }

    [Test]
    public void A_lost_query_is_made_up_for_a_second_later()
    {
        _owner.Responder.TryPublish(Name, Address, [_owner.Link]);
        _asker.Resolver.TryResolve(Name, [_asker.Link], _now);
        _asker.Poll();
        _now = _asker.Resolver.NextTimeout!.Value;
        _asker.Resolver.HandleTimeout(_now);
        MulticastLinkNode.Exchange(_now, _asker, _owner);
        Assert.That(_asker.Results().Single().Address, Is.EqualTo(Address));
    }

    [Test]
    public void An_answer_is_multicast_once_a_second_at_most_and_later_askers_wait_for_it()
    {
        _owner.Responder.TryPublish(Name, Address, [_owner.Link]);
        var query = Query(Name);
        for (var i = 0; i < 50; i++)
        {
            _owner.Hear(query, _asker.Link, _now + TimeSpan.FromMilliseconds(i));
        }

        Assert.That(_owner.Poll(), Has.Count.EqualTo(1));
        Assert.That(_owner.Responder.NextTimeout, Is.EqualTo(_now + TimeSpan.FromSeconds(1)));
        _owner.Responder.HandleTimeout(_now + TimeSpan.FromSeconds(1));
        Assert.That(_owner.Poll(), Has.Count.EqualTo(1));
        Assert.That(_owner.Responder.NextTimeout, Is.Null);
    }

    [Test]
    public void A_plain_resolver_gets_its_answer_by_unicast_with_its_question_and_number()
    {
        _owner.Responder.TryPublish(Name, Address, [_owner.Link]);
        var from = TransportAddress.Parse("192.0.2.9", 40_000);
        _owner.Hear(Query(Name, id: 77), from, _now);
        var (datagram, path) = _owner.Poll().Single();
        Assert.That(path.Remote, Is.EqualTo(from));
        Assert.That(DnsMessageView.TryParse(datagram, out var message));
        Assert.That(message.Id, Is.EqualTo(77));
        Assert.That(message.QuestionCount, Is.EqualTo(1));
        foreach (var record in message.Records)
        {
            Assert.That(record.IsCacheFlush, Is.False);
            Assert.That(record.TimeToLiveSeconds, Is.LessThanOrEqualTo(10));
        }
    }

    [Test]
    public void Who_knows_the_answer_is_not_told_again()
    {
        _owner.Responder.TryPublish(Name, Address, [_owner.Link]);
        var buffer = new byte[512];
        var writer = new DnsMessageWriter(buffer, 0, 0);
        writer.TryAddQuestion(Name, DnsRecordType.A);
        writer.TryAddAddress(DnsSection.Answer, Name, Address, 100, isUnique: false);
        _owner.Hear(buffer[..writer.Length], _asker.Link, _now);
        Assert.That(_owner.Poll(), Is.Empty);
    }

    [Test]
    public void The_end_of_a_name_that_was_told_is_told_and_it_is_not_found_any_more()
    {
        _owner.Responder.TryPublish(Name, Address, [_owner.Link]);
        _owner.Hear(Query(Name), _asker.Link, _now);
        _owner.Poll();
        _owner.Responder.Withdraw(Name);
        var goodbye = _owner.Poll().Single().Datagram;
        Assert.That(DnsMessageView.TryParse(goodbye, out var message));
        foreach (var record in message.Records)
        {
            Assert.That(record.TimeToLiveSeconds, Is.Zero);
        }

        _asker.Resolver.TryResolve(Name, [_asker.Link], _now);
        _asker.Hear(goodbye, _owner.Link, _now);
        _now += TimeSpan.FromSeconds(2);
        MulticastLinkNode.Exchange(_now, _asker, _owner);
        Assert.That(_asker.Results(), Is.Empty);
    }

    [Test]
    public void A_name_that_nobody_has_asked_for_ends_in_silence()
    {
        _owner.Responder.TryPublish(Name, Address, [_owner.Link]);
        _owner.Responder.Withdraw(Name);
        Assert.That(_owner.Poll(), Is.Empty);
    }

    [Test]
    public void A_name_is_answered_for_on_its_own_links_only()
    {
        _owner.Responder.TryPublish(Name, Address, [TransportAddress.Parse("198.51.100.2", MulticastDns.Port)]);
        _owner.Hear(Query(Name), _asker.Link, _now);
        Assert.That(_owner.Poll(), Is.Empty);
    }

    [Test]
    public void Of_several_addresses_the_first_ipv6_one_is_taken()
    {
        _asker.Resolver.TryResolve(Name, [_asker.Link], _now);
        _asker.Poll();
        _asker.Hear(Answer(Name, "192.0.2.7", "2001:db8::7", "2001:db8::8"), _owner.Link, _now);
        Assert.That(_asker.Results().Single().Address, Is.EqualTo(TransportAddress.Parse("2001:db8::7", 0)));
    }

    [Test]
    public void What_is_no_answer_to_the_question_is_ignored()
    {
        _asker.Resolver.TryResolve(Name, [_asker.Link], _now);
        _asker.Poll();
        var right = Answer(Name, "192.0.2.7");
        _asker.Hear(Answer("other.local", "192.0.2.7"), _owner.Link, _now);
        _asker.Hear(Answer(Name, "0.0.0.0"), _owner.Link, _now);
        _asker.Hear(right, _owner.Link.WithPort(5354), _now);
        _asker.Hear(right[..^1], _owner.Link, _now);
        var question = (byte[])right.Clone();
        question[2] = 0;
        _asker.Hear(question, _owner.Link, _now);
        _asker.Resolver.HandleDatagram(right, new NetworkPath(TransportAddress.Parse("198.51.100.1", MulticastDns.Port), _owner.Link));
        Assert.That(_asker.Results(), Is.Empty);
        _asker.Hear(right, _owner.Link, _now);
        Assert.That(_asker.Results(), Has.Count.EqualTo(1));
    }

    [Test]
    public void Names_links_questions_and_answers_are_bounded()
    {
        var resolver = new MulticastNameResolver();
        var taken = Enumerable.Range(0, 1_000).Count(i => resolver.TryResolve($"n{i}.local", [_asker.Link], _now));
        Assert.That(taken, Is.EqualTo(MulticastNameResolver.MaxNames));
        Assert.That(resolver.TryResolve("n0.local", [_owner.Link], _now), "one that is looked for already");
        Assert.That(resolver.TryResolve("n0.local", [], _now), Is.False);

        var responder = new MulticastNameResponder();
        var published = Enumerable.Range(0, 1_000).Count(i => responder.TryPublish($"n{i}.local", Address, [_owner.Link]));
        Assert.That(published, Is.EqualTo(1_000));
        Assert.That(responder.TryPublish("n1.local", Address, [_owner.Link]), Is.False);
        for (var i = 0; i < 1_000; i++)
        {
            responder.HandleDatagram(Query($"n{i}.local"), new NetworkPath(_owner.Link, _asker.Link), _now);
        }

        var answers = 0;
        var buffer = new byte[MulticastDns.MaxMessageLength];
        while (responder.TryPollTransmit(buffer, out _))
        {
            answers++;
        }

        Assert.That(answers, Is.EqualTo(MulticastNameResponder.MaxAnswers));
    }

    private static byte[] Query(string name, ushort id = 0)
    {
        var buffer = new byte[512];
        var writer = new DnsMessageWriter(buffer, id, 0);
        writer.TryAddQuestion(name, DnsRecordType.A);
        return buffer[..writer.Length];
    }

    private static byte[] Answer(string name, params string[] addresses)
    {
        var buffer = new byte[512];
        var writer = new DnsMessageWriter(buffer, 0, DnsFormat.ResponseFlag);
        foreach (var address in addresses)
        {
            writer.TryAddAddress(DnsSection.Answer, name, TransportAddress.Parse(address, 0), 120, isUnique: true);
        }

        return buffer[..writer.Length];
    }

    private static int QuestionsOf(byte[] datagram)
    {
        Assert.That(DnsMessageView.TryParse(datagram, out var message));
        var count = 0;
        foreach (var question in message.Questions)
        {
            count++;
        }

        return count;
    }
}
