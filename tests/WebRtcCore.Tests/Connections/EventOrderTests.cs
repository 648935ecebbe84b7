using System.Collections.Concurrent;
using System.Text.Json;
using WebRtcCore.Testing;

namespace WebRtcCore.Tests.Connections;

/// <summary>The events of a call come in the order in which the browsers raised them (tests/corpus/events).</summary>
public sealed class EventOrderTests
{
    private static readonly string[] Signaling = ["negotiationneeded", "signalingstatechange"];
    private static readonly string[] Gathering = ["icegatheringstatechange", "lastcandidate"];
    private static readonly string[] Connecting = ["iceconnectionstatechange", "connectionstatechange"];

    [Test]
    public async Task Offerer([Values("chromium-firefox.offerer-chromium", "firefox-chromium.offerer-firefox")] string recording)
    {
        await using var pair = new PeerPair();
        var events = Record(pair.Offerer);

        // The event is not raised while a description is being made or applied: the browsers' pages waited for it too.
        var needed = new TaskCompletionSource();
        pair.Offerer.NegotiationNeeded += (_, _) => needed.TrySetResult();
        pair.Offerer.CreateDataChannel("first");
        await needed.Task.WaitAsync(PeerPair.Limit);
        await pair.OpenChannelAsync();
        await AssertSameOrderAsync(events, recording);
    }

    [Test]
    public async Task Answerer([Values("chromium-firefox.answerer-firefox", "firefox-chromium.answerer-chromium")] string recording)
    {
        await using var pair = new PeerPair();
        var events = Record(pair.Answerer);
        await pair.OpenChannelAsync();
        await AssertSameOrderAsync(events, recording);
        var all = events.ToList();
        Assert.That(all.IndexOf("iceconnectionstatechange checking"), Is.GreaterThan(all.IndexOf("signalingstatechange stable")));
    }

    private static async Task AssertSameOrderAsync(ConcurrentQueue<string> events, string recording)
    {
        var recorded = ReadRecording($"corpus/events/data-{recording}.events.json");

        // A state can be read before its event has been raised.
        string[] all = [.. Signaling, .. Gathering, .. Connecting];
        for (var end = Environment.TickCount64 + (long)PeerPair.Limit.TotalMilliseconds; Only(events, all).Length < Only(recorded, all).Length && Environment.TickCount64 < end;)
        {
            await Task.Delay(5);
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Only(events, Signaling), Is.EqualTo(Only(recorded, Signaling)));
            Assert.That(Only(events, Gathering), Is.EqualTo(Only(recorded, Gathering)));
            Assert.That(Only(events, Connecting), Is.EqualTo(Only(recorded, Connecting)));
        }
    }

    // "completed" is left out: the recordings end before it, and Chromium never reports it as an answerer.
    private static string[] Only(IEnumerable<string> events, string[] kinds) =>
        [.. events.ToArray().Where(e => kinds.Contains(e.Split(' ')[0]) && e != "iceconnectionstatechange completed")];

    // An entry is [time, event, ICE state, connection state, signaling state, gathering state], or [time, "cand", candidate].
    private static List<string> ReadRecording(string path)
    {
        var events = new List<string>();
        using var document = JsonDocument.Parse(TestData.ReadText(path));
        foreach (var entry in document.RootElement.GetProperty("log").EnumerateArray().Where(entry => entry[0].ValueKind == JsonValueKind.Number))
        {
            switch (entry[1].GetString())
            {
                case "cand" when entry[2].ValueKind == JsonValueKind.Null:
                    events.Add("lastcandidate");
                    break;
                case "negotiationneeded":
                    events.Add("negotiationneeded");
                    break;
                case "iceconnectionstatechange":
                    events.Add("iceconnectionstatechange " + entry[2].GetString());
                    break;
                case "connectionstatechange":
                    events.Add("connectionstatechange " + entry[3].GetString());
                    break;
                case "signalingstatechange":
                    events.Add("signalingstatechange " + entry[4].GetString());
                    break;
                case "icegatheringstatechange":
                    events.Add("icegatheringstatechange " + entry[5].GetString());
                    break;
                default:
                    break;
            }
        }

        return events;
    }

    private static ConcurrentQueue<string> Record(PeerConnection connection)
    {
        var events = new ConcurrentQueue<string>();
        connection.NegotiationNeeded += (_, _) => events.Enqueue("negotiationneeded");
        connection.SignalingStateChange += (_, _) => events.Enqueue("signalingstatechange " + connection.SignalingState.ToW3CString());
        connection.IceGatheringStateChange += (_, _) => events.Enqueue("icegatheringstatechange " + connection.IceGatheringState.ToW3CString());
        connection.IceConnectionStateChange += (_, _) => events.Enqueue("iceconnectionstatechange " + connection.IceConnectionState.ToW3CString());
        connection.ConnectionStateChange += (_, _) => events.Enqueue("connectionstatechange " + connection.ConnectionState.ToW3CString());
        connection.IceCandidate += (_, e) =>
        {
            if (e.Candidate is null)
            {
                events.Enqueue("lastcandidate");
            }
        };
        return events;
    }
}
