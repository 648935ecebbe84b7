using WebRtcCore.Testing;

namespace WebRtcCore.Dtls.Tests;

/// <summary>A handshake connects whatever single thing the network does to it, and under heavy loss.</summary>
public class HandshakeMatrixTests
{
    // Large enough for every repetition that a matrix causes; the handshake timeout is 30 s.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    [Test]
    public void Connects_when_any_one_datagram_is_dropped([Values(256, 400, 1200)] int size)
    {
        foreach (var victim in CleanRun(size))
        {
            using var pair = NewPair(size);
            pair.Network = sent => IsSame(sent, victim) ? [] : [(sent.Data, DtlsPair.Delay)];
            AssertConnects(pair, $"dropped {Name(victim)}");
        }
    }

    [Test]
    public void Connects_when_any_one_record_is_dropped([Values(256, 400, 1200)] int size)
    {
        foreach (var victim in CleanRun(size))
        {
            var records = victim.Records;
            for (var i = 0; i < records.Count; i++)
            {
                using var pair = NewPair(size);
                pair.Network = sent => [(IsSame(sent, victim) ? Without(sent, i) : sent.Data, DtlsPair.Delay)];
                AssertConnects(pair, $"dropped {SentDatagram.Describe(records[i])} of {Name(victim)}");
            }
        }
    }

    [Test]
    public void Connects_when_any_two_adjacent_datagrams_are_swapped([Values(256, 400, 1200)] int size)
    {
        foreach (var victim in CleanRun(size))
        {
            using var pair = NewPair(size);
            pair.Network = sent => [(sent.Data, IsSame(sent, victim) ? DtlsPair.Delay * 1.5 : DtlsPair.Delay)];
            AssertConnects(pair, $"delayed {Name(victim)}", mayRetransmit: false);
        }
    }

    [Test]
    public void Connects_when_any_two_adjacent_records_are_swapped([Values(256, 400, 1200)] int size)
    {
        foreach (var victim in CleanRun(size))
        {
            for (var i = 0; i + 1 < victim.Records.Count; i++)
            {
                using var pair = NewPair(size);
                pair.Network = sent => [(IsSame(sent, victim) ? Swapped(sent, i) : sent.Data, DtlsPair.Delay)];
                AssertConnects(pair, $"swapped records {i} and {i + 1} of {Name(victim)}", mayRetransmit: false);
            }
        }
    }

    [Test]
    public void Connects_when_all_records_arrive_in_reverse()
    {
        using var pair = NewPair(1200);
        pair.Network = sent =>
        {
            var records = sent.Records;
            records.Reverse();
            return [(records.SelectMany(record => record).ToArray(), DtlsPair.Delay)];
        };
        AssertConnects(pair, "reversed", mayRetransmit: false);
    }

    [Test]
    public void Connects_when_every_datagram_is_duplicated_and_delayed_at_random([Range(1, 10)] int seed)
    {
        var random = new SeededRandomSource(seed);
        using var pair = NewPair(300);
        pair.Network = sent =>
        [
            (sent.Data, TimeSpan.FromMilliseconds(1 + random.Next(60))),
            (sent.Data, TimeSpan.FromMilliseconds(1 + random.Next(60))),
        ];
        AssertConnects(pair, "duplicated");
    }

    [Test]
    public void Connects_under_loss([Values(5, 10, 20, 50)] int percent, [Values(400, 1200)] int size)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var random = new SeededRandomSource(seed);
            using var pair = NewPair(size);
            pair.Network = sent => random.Chance(percent / 100.0) ? [] : [(sent.Data, DtlsPair.Delay)];
            pair.Start();
            Assert.That(pair.Drive(() => pair.AreConnected, TimeSpan.FromSeconds(30)), Is.True, $"{percent} % loss, seed {seed}");
        }
    }

    [Test]
    public void Connects_under_corruption([Range(1, 10)] int seed)
    {
        // UDP's checksum normally catches these; where it does not, no flipped byte may end a handshake before its keys: it is lost, not fatal, or noticed.
        var random = new SeededRandomSource(seed);
        using var pair = NewPair(1200);
        pair.Network = sent =>
        {
            var copy = sent.Data.ToArray();
            if (random.Chance(0.3))
            {
                // The record header: structure and epoch.
                copy[random.Next(13)] ^= (byte)(1 << random.Next(8));
            }

            return [(copy, DtlsPair.Delay)];
        };
        AssertConnects(pair, "corrupted");
    }

    [Test]
    public void A_lost_final_flight_is_sent_again_when_the_client_repeats_its_own()
    {
        using var pair = NewPair(1200);
        var dropped = 0;
        pair.Network = sent => !sent.FromClient && sent.Index >= 1 && dropped++ < 3 ? [] : [(sent.Data, DtlsPair.Delay)];
        pair.Start();
        Assert.That(pair.Drive(() => pair.AreConnected, Patience), Is.True);
        Assert.That(dropped, Is.GreaterThanOrEqualTo(3));
        Assert.That(pair.Server.NextTimeout, Is.Null, "the server does not repeat it on its own");
    }

    [Test]
    public void Data_that_overtakes_the_servers_finished_is_delivered_after_it()
    {
        using var pair = NewPair(1200);
        pair.Network = sent => [(sent.Data, !sent.FromClient && sent.Index == 1 ? DtlsPair.Delay * 4 : DtlsPair.Delay)];
        pair.Start();
        Assert.That(pair.Drive(() => pair.Server.State == DtlsState.Connected), Is.True);
        pair.SendData(fromClient: false, [1]);
        pair.SendData(fromClient: false, [2]);
        pair.Drive(DtlsPair.Delay * 2);
        Assert.That(pair.Client.State, Is.EqualTo(DtlsState.Connecting));
        Assert.That(pair.ClientReceived, Is.Empty);
        pair.Drive(TimeSpan.FromMilliseconds(50));
        Assert.That(pair.Client.State, Is.EqualTo(DtlsState.Connected));
        Assert.That(pair.ClientReceived, Is.EqualTo(new byte[][] { [1], [2] }));
        var connected = pair.ClientEvents.FindIndex(e => e.State == DtlsState.Connected);
        var data = pair.ClientEvents.FindIndex(e => e.Kind == DtlsEventKind.ApplicationData);
        Assert.That(data, Is.GreaterThan(connected));
    }

    [Test]
    public void A_finished_that_overtakes_the_keys_costs_no_retransmission()
    {
        using var pair = NewPair(256);
        pair.Network = sent => [(sent.Data, sent.FromClient && sent.Records.Any(record => SentDatagram.Describe(record) == "Finished") ? DtlsPair.Delay : DtlsPair.Delay * 2)];
        AssertConnects(pair, "early Finished", mayRetransmit: false);
    }

    private static DtlsPair NewPair(int size) => new(
        DtlsPair.ClientOptions() with { MaxDatagramSize = size },
        DtlsPair.ServerOptions() with { MaxDatagramSize = size });

    private static List<SentDatagram> CleanRun(int size)
    {
        using var pair = NewPair(size);
        AssertConnects(pair, "clean", mayRetransmit: false);
        return [.. pair.Log];
    }

    private static void AssertConnects(DtlsPair pair, string what, bool mayRetransmit = true)
    {
        pair.Start();
        Assert.That(pair.Drive(() => pair.AreConnected, Patience), Is.True, what);
        if (!mayRetransmit)
        {
            Assert.That(pair.Client.Statistics.FlightRetransmissions + pair.Server.Statistics.FlightRetransmissions, Is.Zero, what);
        }

        pair.SendData(fromClient: true, [1]);
        pair.SendData(fromClient: false, [2]);
        pair.Drive(TimeSpan.FromMilliseconds(200));
        Assert.That(pair.AreConnected, Is.True, what);
    }

    private static bool IsSame(SentDatagram sent, SentDatagram victim) => sent.FromClient == victim.FromClient && sent.Index == victim.Index;

    private static string Name(SentDatagram sent) =>
        $"{(sent.FromClient ? "client" : "server")} #{sent.Index} ({string.Join(", ", sent.Records.Select(SentDatagram.Describe))})";

    private static byte[] Without(SentDatagram sent, int record)
    {
        var records = sent.Records;
        records.RemoveAt(record);
        return [.. records.SelectMany(r => r)];
    }

    private static byte[] Swapped(SentDatagram sent, int record)
    {
        var records = sent.Records;
        (records[record], records[record + 1]) = (records[record + 1], records[record]);
        return [.. records.SelectMany(r => r)];
    }
}
