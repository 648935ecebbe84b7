namespace WebRtcCore.Tests.Connections;

public sealed class FrameReaderTests
{
    [Test]
    public async Task A_slow_reader_loses_the_oldest_frames()
    {
        var reader = new FrameReader();
        await using var reading = reader.ReadAllAsync(CancellationToken.None).GetAsyncEnumerator();
        var first = reading.MoveNextAsync().AsTask();
        reader.Add(Frame(0));
        Assert.That(await first.WaitAsync(PeerPair.Limit), Is.True);
        for (var i = 1; i <= FrameReader.Capacity + 5; i++)
        {
            reader.Add(Frame(i));
        }

        reader.Complete();
        var rest = new List<uint>();
        while (await reading.MoveNextAsync())
        {
            rest.Add(reading.Current.TimestampTicks);
        }

        Assert.That(rest, Is.EqualTo(Enumerable.Range(6, FrameReader.Capacity).Select(i => (uint)i)));
        Assert.That(reader.Dropped, Is.EqualTo(5));
    }

    [Test]
    public async Task The_bytes_that_wait_are_bounded()
    {
        var reader = new FrameReader();
        await using var reading = reader.ReadAllAsync(CancellationToken.None).GetAsyncEnumerator();
        var first = reading.MoveNextAsync().AsTask();
        reader.Add(Frame(0));
        Assert.That(await first.WaitAsync(PeerPair.Limit), Is.True);
        for (var i = 1; i <= 5; i++)
        {
            reader.Add(Frame(i, FrameReader.MaxBytes / 2));
        }

        Assert.That(reader.Dropped, Is.EqualTo(3));
    }

    [Test]
    public async Task Frames_are_not_kept_for_nobody()
    {
        var reader = new FrameReader();
        reader.Add(Frame(1));
        reader.Complete();
        Assert.That(reader.HasReader, Is.False);
        await using var reading = reader.ReadAllAsync(CancellationToken.None).GetAsyncEnumerator();
        Assert.That(await reading.MoveNextAsync(), Is.False);
    }

    private static EncodedFrame Frame(int timestamp, int length = 1) => new(new byte[length], (uint)timestamp);
}
