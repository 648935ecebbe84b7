using CsCheck;
using WebRtcCore.Media.Wav;

namespace WebRtcCore.Media.Tests.Wav;

public sealed class WavTests
{
    [TestCase(WavEncoding.Pcm16, 2, 48_000)]
    [TestCase(WavEncoding.IeeeFloat, 1, 16_000)]
    [TestCase(WavEncoding.MuLaw, 1, 8_000)]
    [TestCase(WavEncoding.ALaw, 2, 8_000)]
    public async Task What_is_written_is_read(WavEncoding encoding, int channels, int sampleRate)
    {
        var format = new WavFormat(sampleRate, channels, encoding);
        var samples = Samples(format, 999);
        using var stream = new MemoryStream();
        await using (var writer = new WavWriter(stream, format))
        {
            await writer.WriteAsync(samples.AsMemory(0, format.BlockAlign * 100));
            await writer.WriteAsync(samples.AsMemory(format.BlockAlign * 100));
            Assert.That(writer.Duration.TotalSeconds, Is.EqualTo(999.0 / sampleRate).Within(1e-6));
        }

        Assert.That(stream.Length % 2, Is.Zero, "Chunks have an even length.");
        Assert.That(await ReadAllAsync(new MemoryStream(stream.ToArray()), format), Is.EqualTo(samples));
        Assert.That(await ReadAllAsync(new ForwardOnlyStream(stream.ToArray()), format), Is.EqualTo(samples));
    }

    [Test]
    public async Task A_stream_that_cannot_seek_gets_a_file_that_reaches_to_its_end()
    {
        var format = new WavFormat(8_000, 1);
        var samples = Samples(format, 50);
        var stream = new ForwardOnlyStream();
        await using (var writer = new WavWriter(stream, format))
        {
            await writer.WriteAsync(samples);
        }

        Assert.That(await ReadAllAsync(new MemoryStream(stream.Written), format), Is.EqualTo(samples));
    }

    [Test]
    public async Task Chunks_that_are_not_known_are_skipped()
    {
        using var stream = new MemoryStream();
        await using (var writer = new WavWriter(stream, new WavFormat(8_000, 1)))
        {
            await writer.WriteAsync(new byte[] { 1, 2, 3, 4 });
        }

        var file = stream.ToArray();
        byte[] withList = [.. file[..12], .. "LIST"u8, 3, 0, 0, 0, 9, 9, 9, 0, .. file[12..]];
        Assert.That(await ReadAllAsync(new ForwardOnlyStream(withList), new WavFormat(8_000, 1)), Is.EqualTo(new byte[] { 1, 2, 3, 4 }));
    }

    [Test]
    public async Task Damaged_headers_are_refused_with_one_kind_of_exception()
    {
        using var stream = new MemoryStream();
        await using (var writer = new WavWriter(stream, new WavFormat(8_000, 1, WavEncoding.ALaw)))
        {
            await writer.WriteAsync(new byte[8]);
        }

        var file = stream.ToArray();
        await Gen.Select(Gen.Int[0, file.Length - 1], Gen.Byte).SampleAsync(async (place, value) =>
        {
            var damaged = (byte[])file.Clone();
            damaged[place] = value;
            await OpenAndReadAsync(damaged);
            await OpenAndReadAsync(file[..place]);
        });
    }

    [Test]
    public void Part_of_a_sample_is_refused()
    {
        var writer = new WavWriter(new MemoryStream(), new WavFormat(8_000, 2));
        Assert.That(async () => await writer.WriteAsync(new byte[3]), Throws.ArgumentException);
        Assert.That(() => new WavWriter(new MemoryStream(), new WavFormat(0, 2)), Throws.ArgumentException);
    }

    private static async Task OpenAndReadAsync(byte[] file)
    {
        try
        {
            var reader = await WavReader.OpenAsync(new MemoryStream(file));
            await reader.ReadAsync(new byte[4096]);
        }
        catch (InvalidDataException)
        {
        }
    }

    private static byte[] Samples(WavFormat format, int count)
    {
        var samples = new byte[format.BlockAlign * count];
        new Random(1).NextBytes(samples);
        return samples;
    }

    private static async Task<byte[]> ReadAllAsync(Stream stream, WavFormat expected)
    {
        var reader = await WavReader.OpenAsync(stream);
        Assert.That(reader.Format, Is.EqualTo(expected));
        var result = new List<byte>();
        var buffer = new byte[100];
        while (await reader.ReadAsync(buffer) is var read and > 0)
        {
            Assert.That(read % expected.BlockAlign, Is.Zero);
            result.AddRange(buffer[..read]);
        }

        return [.. result];
    }
}
