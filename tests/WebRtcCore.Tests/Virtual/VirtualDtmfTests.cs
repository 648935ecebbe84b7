using WebRtcCore.Testing;

namespace WebRtcCore.Tests.Virtual;

/// <summary>Keys pressed on one side and received on the other, in virtual time.</summary>
public sealed class VirtualDtmfTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Test]
    public async Task Keys_arrive_once_each_with_their_length()
    {
        await using var peers = new VirtualPeers(LinkConditions.Good with { DuplicationRate = 0.2, LossRate = 0.1, Jitter = TimeSpan.FromMilliseconds(15) });
        var (dtmf, received, changes) = await ConnectAsync(peers);
        dtmf.InsertDtmf("1d*#,9", TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(100));
        Assert.That(peers.RunUntil(() => changes.Count == 7, Minute), Is.True);
        Assert.That(peers.RunUntil(() => received.Count == 5, TimeSpan.FromSeconds(1)), Is.True);

        Assert.That(changes, Is.EqualTo(new[] { "1", "D", "*", "#", ",", "9", "" }));
        Assert.That(string.Concat(received.Select(tone => tone.Tone)), Is.EqualTo("1D*#9"));
        Assert.That(received.Select(tone => tone.Duration.TotalMilliseconds), Is.All.InRange(180, 220));
    }

    [Test]
    public async Task A_key_whose_ends_are_all_lost_counts_after_a_silence_and_once()
    {
        await using var peers = new VirtualPeers(LinkConditions.Good);
        var (dtmf, received, changes) = await ConnectAsync(peers);
        var keyed = peers.Elapsed;
        dtmf.InsertDtmf("7", TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(100));
        peers.Interceptor = _ => peers.Elapsed - keyed > TimeSpan.FromMilliseconds(90) ? DatagramFate.Drop : DatagramFate.Pass;
        Assert.That(peers.RunUntil(() => received.Count > 0, TimeSpan.FromMilliseconds(400)), Is.True);
        peers.Interceptor = _ => DatagramFate.Pass;
        dtmf.InsertDtmf("8");
        Assert.That(peers.RunUntil(() => received.Count > 1, TimeSpan.FromSeconds(1)), Is.True);

        Assert.That(string.Concat(received.Select(tone => tone.Tone)), Is.EqualTo("78"));
        Assert.That(received[0].Duration.TotalMilliseconds, Is.InRange(80, 120));
    }

    [Test]
    public async Task A_long_key_takes_several_segments_and_counts_once()
    {
        await using var peers = new VirtualPeers(LinkConditions.Good);
        var (dtmf, received, changes) = await ConnectAsync(peers);
        dtmf.InsertDtmf("5", TimeSpan.FromSeconds(60), TimeSpan.Zero);
        Assert.That(peers.RunUntil(() => changes.Count == 2, Minute), Is.True);

        Assert.That(received.Single().Tone, Is.EqualTo('5'));
        Assert.That(received[0].Duration, Is.EqualTo(TimeSpan.FromSeconds(6)).Within(TimeSpan.FromMilliseconds(30)), "what is longer is brought down to 6 s");
    }

    [Test]
    public async Task What_is_inserted_takes_the_place_of_what_is_left()
    {
        await using var peers = new VirtualPeers(LinkConditions.Good);
        var (dtmf, received, changes) = await ConnectAsync(peers);
        dtmf.InsertDtmf("123");
        Assert.That(peers.RunUntil(() => changes.Count == 1, Minute), Is.True);
        Assert.That(dtmf.ToneBuffer, Is.EqualTo("23"));
        dtmf.InsertDtmf("7");
        Assert.That(dtmf.ToneBuffer, Is.EqualTo("7"));
        Assert.That(peers.RunUntil(() => changes.Count == 3, Minute), Is.True);
        Assert.That(string.Concat(received.Select(tone => tone.Tone)), Is.EqualTo("17"));
        dtmf.InsertDtmf("456");
        Assert.That(peers.RunUntil(() => changes.Count == 4, Minute), Is.True);
        dtmf.InsertDtmf("");
        Assert.That(peers.RunUntil(() => changes.Count == 5, Minute), Is.True);
        Assert.That(changes, Is.EqualTo(new[] { "1", "7", "", "4", "" }));
    }

    [Test]
    public async Task Refuses_what_cannot_be_played()
    {
        await using var peers = new VirtualPeers(LinkConditions.Good);
        var early = peers.Pair.Offerer.AddTrack(new MediaStreamTrack(MediaKind.Audio));
        Assert.That(early.Dtmf!.CanInsertDtmf, Is.False);
        Assert.That(() => early.Dtmf.InsertDtmf("1"), Throws.TypeOf<RtcException>().With.Property("Name").EqualTo("InvalidStateError"));
        await peers.ConnectAsync(Minute);
        Assert.That(early.Dtmf.CanInsertDtmf, Is.True);
        Assert.That(() => early.Dtmf.InsertDtmf("1x"), Throws.TypeOf<RtcException>().With.Property("Name").EqualTo("InvalidCharacterError"));
        Assert.That(peers.Pair.Offerer.AddTransceiver(MediaKind.Video).Sender.Dtmf, Is.Null);
    }

    private static async Task<(DtmfSender Dtmf, List<DtmfToneEventArgs> Received, List<string> Changes)> ConnectAsync(VirtualPeers peers)
    {
        var sender = peers.Pair.Offerer.AddTrack(new MediaStreamTrack(MediaKind.Audio));
        await peers.ConnectAsync(Minute);
        var received = new List<DtmfToneEventArgs>();
        var changes = new List<string>();
        peers.Pair.Answerer.GetReceivers()[0].ToneReceived += (_, e) => received.Add(e);
        sender.Dtmf!.ToneChange += (_, e) => changes.Add(e.Tone);
        return (sender.Dtmf, received, changes);
    }
}
