using WebRtcCore.Primitives;
using WebRtcCore.Testing;

namespace WebRtcCore.Dtls.Tests;

/// <summary>
/// Random sequences of genuine, corrupted, repeated and foreign datagrams, timeouts and calls from every state: nothing throws what it should not, a connection
/// that stands delivers only what was sent, and (in Debug) the state stays consistent.
/// </summary>
public class DtlsSequenceTests
{
    [Test]
    public void No_sequence_of_inputs_and_calls_breaks_an_endpoint([Range(0, 59)] int seed)
    {
        var random = new SeededRandomSource(seed);
        using var pair = new DtlsPair(
            DtlsPair.ClientOptions() with { MaxDatagramSize = 256 + random.Next(1000) },
            DtlsPair.ServerOptions() with { MaxDatagramSize = 256 + random.Next(1000) },
            seed);
        var seen = new List<SentDatagram> { new(true, 0, new byte[1]), new(false, 0, new byte[1]) };
        pair.Network = sent =>
        {
            seen.Add(sent);
            return random.Chance(0.1) ? [] : [(sent.Data, DtlsPair.Delay * random.NextDouble() * 3)];
        };
        pair.Start();
        var isHostile = seed % 2 == 0;
        for (var step = 0; step < 300; step++)
        {
            Act(pair, random, seen, isHostile, step);
        }

        if (!isHostile && pair.Client.State != DtlsState.Closed && pair.Server.State != DtlsState.Closed)
        {
            Assert.That(pair.Drive(() => pair.AreConnected), Is.True, $"{pair.Client.Error}, {pair.Server.Error}");
        }

        foreach (var data in pair.ClientReceived.Concat(pair.ServerReceived))
        {
            Assert.That(data, Has.Length.EqualTo(5).And.All.EqualTo(0x55), "only what was sent");
        }
    }

    private static void Act(DtlsPair pair, SeededRandomSource random, List<SentDatagram> seen, bool isHostile, int step)
    {
        var toClient = random.Chance(0.5);
        var end = toClient ? pair.Client : pair.Server;

        // A hostile network also turns datagrams round; well-formed messages of the wrong side may then end a handshake, as they should.
        var candidates = isHostile ? seen : seen.FindAll(sent => sent.FromClient != toClient);
        var old = candidates[random.Next(candidates.Count)].Data;
        switch (random.Next(isHostile ? 9 : 6))
        {
            case 0:
                pair.Inject(toClient, old);
                break;
            case 1:
                pair.Drive(TimeSpan.FromMilliseconds(random.Next(40)));
                break;
            case 2:
                end.HandleTimeout(pair.Now + TimeSpan.FromMilliseconds(random.Next(5)));
                break;
            case 3 when end.State == DtlsState.Connected:
                pair.SendData(fromClient: end == pair.Client, [0x55, 0x55, 0x55, 0x55, 0x55]);
                break;
            case 4:
                end.SetRoundTripTime(TimeSpan.FromMilliseconds(random.Next(100)));
                break;
            case 5:
                pair.Inject(toClient, old[..random.Next(old.Length)]);
                break;
            case 6 or 7:
                var corrupted = old.ToArray();
                corrupted[random.Next(corrupted.Length)] ^= (byte)(1 + random.Next(255));
                pair.Inject(toClient, corrupted);
                break;
            case 8 when step > 200 && random.Chance(0.05):
                end.Close(pair.Now);
                break;
            default:
                break;
        }
    }
}
