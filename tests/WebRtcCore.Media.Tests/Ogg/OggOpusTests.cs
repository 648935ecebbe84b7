using CsCheck;
using WebRtcCore.Media.Ogg;

namespace WebRtcCore.Media.Tests.Ogg;

public sealed class OggOpusTests
{
    private static readonly byte[] Silence20Milliseconds = [0xF8, 0xFF, 0xFE];

    [Test]
    public async Task The_packets_of_a_call_are_written_and_read()
    {
        var packets = CapturedFrames.Read("plain-audio-opus.pcap", "audio/opus", 111).ConvertAll(f => f.Data.ToArray());
        using var stream = new MemoryStream();
        var writer = new OggOpusWriter(stream, new OpusHead(2, 312));
        foreach (var packet in packets)
        {
            await writer.WriteAsync(packet);
        }

        await writer.CompleteAsync();
        Assert.That(writer.Duration, Is.EqualTo(TimeSpan.FromMilliseconds(20 * packets.Count)));
        var reader = await OggOpusReader.OpenAsync(new ForwardOnlyStream(stream.ToArray()));
        Assert.That(reader.Head, Is.EqualTo(new OpusHead(2, 312)));
        Assert.That((await reader.ReadPacketsAsync().ToListAsync()).Select(p => p.ToArray()), Is.EqualTo(packets));
    }

    [Test]
    public void Packets_of_every_length_come_back_also_where_pages_cut_them() => Gen.Int[0, 70_000].Array[1, 12].Sample(lengths =>
    {
        var packets = lengths.Select(length => new byte[] { 0xF8 }.Concat(Enumerable.Range(0, length).Select(i => (byte)i)).ToArray()).ToArray();
        using var stream = new MemoryStream();
        var writer = new OggOpusWriter(stream);
        foreach (var packet in packets)
        {
            writer.WriteAsync(packet).AsTask().GetAwaiter().GetResult();
        }

        writer.CompleteAsync().AsTask().GetAwaiter().GetResult();
        var reader = OggOpusReader.OpenAsync(new MemoryStream(stream.ToArray())).GetAwaiter().GetResult();
        var read = reader.ReadPacketsAsync().ToBlockingEnumerable().Select(p => p.ToArray()).ToArray();
        Assert.That(read, Is.EqualTo(packets));
    }, iter: 60);

    [Test]
    public async Task A_hole_becomes_packets_that_a_decoder_conceals()
    {
        using var stream = new MemoryStream();
        var writer = new OggOpusWriter(stream);
        Assert.That(await writer.WriteLossAsync(TimeSpan.FromSeconds(1)), Is.EqualTo(TimeSpan.Zero), "Before the first packet there is nothing to conceal.");
        await writer.WriteAsync(Silence20Milliseconds);
        Assert.That(await writer.WriteLossAsync(TimeSpan.FromMilliseconds(70)), Is.EqualTo(TimeSpan.FromMilliseconds(60)));
        await writer.WriteAsync(Silence20Milliseconds);
        await writer.CompleteAsync();
        Assert.That(writer.Duration, Is.EqualTo(TimeSpan.FromMilliseconds(100)));
        var reader = await OggOpusReader.OpenAsync(new MemoryStream(stream.ToArray()));
        var lengths = (await reader.ReadPacketsAsync().ToListAsync()).ConvertAll(p => p.Length);
        Assert.That(lengths, Is.EqualTo(new[] { 3, 1, 1, 1, 3 }));
    }

    [TestCase(0x00, 480)]
    [TestCase(0x18, 2880)]
    [TestCase(0x19, 5760)]
    [TestCase(0x60, 480)]
    [TestCase(0x80, 120)]
    [TestCase(0xF8, 960)]
    public void A_packets_length_is_in_its_first_byte(byte tableOfContents, int samples)
    {
        Assert.That(OpusPacket.TryGetSamples([tableOfContents, 0], out var read), Is.True);
        Assert.That(read, Is.EqualTo(samples));
    }

    [Test]
    public void More_than_120_milliseconds_are_no_packet()
    {
        Assert.That(OpusPacket.TryGetSamples([0x1B, 3], out _), Is.False);
        Assert.That(OpusPacket.TryGetSamples([0xFB, 0], out _), Is.False);
        Assert.That(OpusPacket.TryGetSamples([], out _), Is.False);
        Assert.That(async () => await new OggOpusWriter(new MemoryStream()).WriteAsync(Array.Empty<byte>()), Throws.ArgumentException);
    }

    [Test]
    public async Task Damaged_and_cut_files_end_or_are_refused_with_one_kind_of_exception()
    {
        using var stream = new MemoryStream();
        await using (var writer = new OggOpusWriter(stream))
        {
            await writer.WriteAsync(Silence20Milliseconds);
            await writer.WriteAsync(Silence20Milliseconds);
        }

        var file = stream.ToArray();
        for (var i = 0; i < file.Length; i++)
        {
            Assert.That(await CountAsync(file[..i]), Is.LessThanOrEqualTo(2), $"cut at {i}");
            var damaged = (byte[])file.Clone();
            damaged[i] ^= 0x10;
            Assert.That(await CountAsync(damaged), Is.LessThanOrEqualTo(0), $"byte {i}: the checksum covers everything");
        }
    }

    // How many packets were read; -1 if the file was refused.
    private static async Task<int> CountAsync(byte[] file)
    {
        try
        {
            var reader = await OggOpusReader.OpenAsync(new MemoryStream(file));
            return (await reader.ReadPacketsAsync().ToListAsync()).Count;
        }
        catch (InvalidDataException)
        {
            return -1;
        }
    }
}
