using System.Buffers;
using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace WebRtcCore.Tests.Connections;

/// <summary><see cref="DataChannel.AsStream"/>: what takes a stream runs over a channel.</summary>
public sealed class DataChannelStreamTests
{
    [Test]
    public async Task Bytes_arrive_whatever_the_sizes_of_writes_and_reads()
    {
        await using var pair = new PeerPair();
        var (local, remote) = await OpenAsync(pair);
        var sent = RandomNumberGenerator.GetBytes(3_000_000);
        var random = new Random(1);
        var writing = Task.Run(async () =>
        {
            for (var offset = 0; offset < sent.Length;)
            {
                var length = Math.Min(random.Next(0, 200_000), sent.Length - offset);
                await local.WriteAsync(sent.AsMemory(offset, length));
                offset += length;
            }

            await local.DisposeAsync();
        });
        var received = new MemoryStream();
        var buffer = new byte[70_000];
        for (var i = 1; await remote.ReadAsync(buffer.AsMemory(0, (i * 997 % buffer.Length) + 1)).AsTask().WaitAsync(PeerPair.Limit) is > 0 and var count; i++)
        {
            received.Write(buffer, 0, count);
        }

        await writing;
        Assert.That(received.ToArray().AsSpan().SequenceEqual(sent), Is.True);
    }

    [Test]
    public async Task CopyToAsync_moves_a_file_both_ways_at_once()
    {
        await using var pair = new PeerPair();
        var (local, remote) = await OpenAsync(pair);
        var (there, back) = (RandomNumberGenerator.GetBytes(2_000_000), RandomNumberGenerator.GetBytes(1_500_000));
        var (arrivedThere, arrivedBack) = (new byte[there.Length], new byte[back.Length]);
        await Task.WhenAll(
            new MemoryStream(there).CopyToAsync(local),
            new MemoryStream(back).CopyToAsync(remote),
            remote.ReadExactlyAsync(arrivedThere).AsTask(),
            local.ReadExactlyAsync(arrivedBack).AsTask()).WaitAsync(PeerPair.Limit);
        Assert.That((arrivedThere.AsSpan().SequenceEqual(there), arrivedBack.AsSpan().SequenceEqual(back)), Is.EqualTo((true, true)));

        var rest = new MemoryStream();
        var copying = remote.CopyToAsync(rest);
        await local.WriteAsync(there);
        await local.DisposeAsync();
        await copying.WaitAsync(PeerPair.Limit);
        Assert.That(rest.ToArray().AsSpan().SequenceEqual(there), Is.True);
    }

    [Test]
    public async Task Pipes_run_over_it()
    {
        await using var pair = new PeerPair();
        var (local, remote) = await OpenAsync(pair);
        var writer = PipeWriter.Create(local);
        var reader = PipeReader.Create(remote);
        for (var i = 0; i < 1000; i++)
        {
            writer.Write(Encoding.UTF8.GetBytes($"line {i}\n"));
            await writer.FlushAsync();
        }

        await writer.CompleteAsync();
        var lines = new List<string>();
        while (true)
        {
            var result = await reader.ReadAsync().AsTask().WaitAsync(PeerPair.Limit);
            var rest = result.Buffer;
            while (rest.PositionOf((byte)'\n') is { } end)
            {
                lines.Add(Encoding.UTF8.GetString(rest.Slice(0, end)));
                rest = rest.Slice(rest.GetPosition(1, end));
            }

            reader.AdvanceTo(rest.Start, rest.End);
            if (result.IsCompleted)
            {
                break;
            }
        }

        Assert.That(lines, Is.EqualTo(Enumerable.Range(0, 1000).Select(i => $"line {i}")));
    }

    [Test]
    public async Task Readers_and_writers_of_text_run_over_it()
    {
        await using var pair = new PeerPair();
        var (local, remote) = await OpenAsync(pair);
        using var reader = new StreamReader(remote);
        await using (var writer = new StreamWriter(local))
        {
            await writer.WriteLineAsync("Grüße");
            await writer.FlushAsync();
            Assert.That(await reader.ReadLineAsync().WaitAsync(PeerPair.Limit), Is.EqualTo("Grüße"));
            await writer.WriteLineAsync("the end");
        }

        Assert.That(await reader.ReadToEndAsync().WaitAsync(PeerPair.Limit), Is.EqualTo("the end" + Environment.NewLine));
    }

    [Test]
    public async Task Tls_runs_over_it()
    {
        await using var pair = new PeerPair();
        var (local, remote) = await OpenAsync(pair);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=inner", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.Now.AddDays(-1), DateTimeOffset.Now.AddDays(1));
        await using var client = new SslStream(local, leaveInnerStreamOpen: false, (_, shown, _, _) => certificate.Equals(shown));
        await using var server = new SslStream(remote, leaveInnerStreamOpen: false);
        await Task.WhenAll(client.AuthenticateAsClientAsync("inner"), server.AuthenticateAsServerAsync(certificate)).WaitAsync(PeerPair.Limit);
        await client.WriteAsync("secret within a secret"u8.ToArray());
        var received = new byte["secret within a secret".Length];
        await server.ReadExactlyAsync(received).AsTask().WaitAsync(PeerPair.Limit);
        Assert.That(Encoding.ASCII.GetString(received), Is.EqualTo("secret within a secret"));
    }

    [TestCase(1000, 1000)]
    [TestCase(262_144, 65_536)]
    public async Task Writes_are_cut_into_messages_that_the_peer_takes(int peersLimit, int longest)
    {
        await using var pair = new PeerPair(answererOptions: PeerPair.LoopbackOptions with { MaxMessageSize = peersLimit });
        var (local, remote) = await pair.OpenChannelAsync();
        await using var stream = local.AsStream();
        await stream.WriteAsync(new byte[(3 * longest) + 1]);
        await stream.WriteAsync(ReadOnlyMemory<byte>.Empty);
        await stream.WriteAsync(new byte[1]);
        var lengths = new List<int>();
        await foreach (var message in remote.ReadAllAsync(new CancellationTokenSource(PeerPair.Limit).Token))
        {
            lengths.Add(message.Data.Length);
            if (lengths.Count == 5)
            {
                break;
            }
        }

        Assert.That(lengths, Is.EqualTo(new[] { longest, longest, longest, 1, 1 }));
    }

    [Test]
    public async Task Text_is_read_as_utf8_and_empty_messages_are_nothing()
    {
        await using var pair = new PeerPair();
        var (local, remote) = await pair.OpenChannelAsync();
        await using var stream = remote.AsStream();
        local.Send("");
        local.Send([]);
        local.Send("ü");
        await local.CloseAsync().WaitAsync(PeerPair.Limit);
        var buffer = new byte[10];
        Assert.That((await stream.ReadAsync(buffer), await stream.ReadAsync(buffer)), Is.EqualTo((2, 0)));
        Assert.That(Encoding.UTF8.GetString(buffer, 0, 2), Is.EqualTo("ü"));
    }

    [Test]
    public async Task A_write_waits_until_the_channel_is_open()
    {
        await using var pair = new PeerPair();
        var incoming = PeerPair.NextChannel(pair.Answerer);
        await using var local = pair.Offerer.CreateDataChannel("early").AsStream();
        var writing = local.WriteAsync(new byte[3]).AsTask();
        Assert.That(writing.IsCompleted, Is.False);
        await pair.ConnectAsync();
        await using var remote = (await incoming).AsStream();
        await writing.WaitAsync(PeerPair.Limit);
        Assert.That(await remote.ReadAsync(new byte[10]).AsTask().WaitAsync(PeerPair.Limit), Is.EqualTo(3));
    }

    [Test]
    public async Task A_read_of_no_bytes_waits_for_some()
    {
        await using var pair = new PeerPair();
        var (local, remote) = await OpenAsync(pair);
        var waiting = remote.ReadAsync(Memory<byte>.Empty).AsTask();
        Assert.That(waiting.IsCompleted, Is.False);
        await local.WriteAsync(new byte[2]);
        Assert.That(await waiting.WaitAsync(PeerPair.Limit), Is.Zero);
        Assert.That(await remote.ReadAsync(new byte[10]), Is.EqualTo(2));
    }

    [Test]
    public async Task A_cancelled_read_loses_nothing()
    {
        await using var pair = new PeerPair();
        var (local, remote) = await OpenAsync(pair);
        using var cancellation = new CancellationTokenSource();
        var reading = remote.ReadAsync(new byte[10], cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        Assert.That(async () => await reading, Throws.InstanceOf<OperationCanceledException>());
        await local.WriteAsync(new byte[4]);
        Assert.That(await remote.ReadAsync(new byte[10]).AsTask().WaitAsync(PeerPair.Limit), Is.EqualTo(4));
    }

    [Test]
    public async Task A_cancelled_write_ends_though_nobody_reads()
    {
        await using var pair = new PeerPair(PeerPair.LoopbackOptions with { DataSendHighWaterMark = 100_000 });
        var (local, _) = await OpenAsync(pair);
        using var cancellation = new CancellationTokenSource();
        var writing = local.WriteAsync(new byte[50_000_000], cancellation.Token).AsTask();
        Assert.That(writing.IsCompleted, Is.False);
        await cancellation.CancelAsync();
        Assert.That(async () => await writing.WaitAsync(PeerPair.Limit), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(async () => await local.WriteAsync(new byte[1], cancellation.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(async () => await local.FlushAsync(cancellation.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task Disposing_waits_until_the_peer_has_everything()
    {
        await using var pair = new PeerPair();
        var (local, remote) = await OpenAsync(pair);
        var sent = RandomNumberGenerator.GetBytes(4_000_000);
        var received = new MemoryStream();
        var copying = remote.CopyToAsync(received);
        await local.WriteAsync(sent);
        await local.DisposeAsync().AsTask().WaitAsync(PeerPair.Limit);
        pair.Offerer.Close();
        await copying.WaitAsync(PeerPair.Limit);
        Assert.That(received.ToArray().AsSpan().SequenceEqual(sent), Is.True);
    }

    [Test]
    public async Task An_end_that_is_not_in_order_is_an_IOException()
    {
        await using var pair = new PeerPair();
        var (local, remote) = await OpenAsync(pair);
        var reading = remote.ReadAsync(new byte[10]).AsTask();
        pair.Offerer.Close();
        Assert.That(async () => await reading.WaitAsync(PeerPair.Limit), Throws.TypeOf<IOException>().With.InnerException.InstanceOf<RtcException>());
        Assert.That(async () => await remote.WriteAsync(new byte[10]), Throws.TypeOf<IOException>().With.InnerException.InstanceOf<RtcException>());
        Assert.That(async () => await local.ReadAsync(new byte[10]), Throws.TypeOf<IOException>());
        Assert.That(async () => await local.DisposeAsync().AsTask().WaitAsync(PeerPair.Limit), Throws.Nothing);
    }

    [Test]
    public async Task After_disposal_nothing_goes_and_a_read_that_was_waiting_ends()
    {
        await using var pair = new PeerPair();
        var (local, remote) = await OpenAsync(pair);
        var reading = local.ReadAsync(new byte[10]).AsTask();
        local.Dispose();
        Assert.That(await reading.WaitAsync(PeerPair.Limit), Is.Zero);
        Assert.That((local.CanRead, local.CanWrite), Is.EqualTo((false, false)));
        Assert.That(async () => await local.ReadAsync(new byte[10]), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(async () => await local.WriteAsync(new byte[10]), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(await remote.ReadAsync(new byte[10]).AsTask().WaitAsync(PeerPair.Limit), Is.Zero);
    }

    [Test]
    public async Task What_a_channel_cannot_promise_is_no_stream()
    {
        await using var pair = new PeerPair();
        DataChannel Create(DataChannelOptions options) => pair.Offerer.CreateDataChannel("x", options);
        Assert.That(() => Create(new() { Ordered = false }).AsStream(), Throws.InvalidOperationException);
        Assert.That(() => Create(new() { MaxRetransmits = 3 }).AsStream(), Throws.InvalidOperationException);
        Assert.That(() => Create(new() { MaxPacketLifeTime = TimeSpan.FromSeconds(1) }).AsStream(), Throws.InvalidOperationException);

        var channel = Create(new());
        channel.AsStream();
        Assert.That(channel.AsStream, Throws.InvalidOperationException, "it has a reader");
        var handled = Create(new());
        handled.Message += (_, _) => { };
        Assert.That(handled.AsStream, Throws.InvalidOperationException, "it has a handler");
    }

    [Test]
    public async Task Synchronous_reads_and_writes_are_refused_with_a_sentence()
    {
        await using var pair = new PeerPair();
        var stream = pair.Offerer.CreateDataChannel("x").AsStream();
        Assert.That(() => stream.Read(new byte[1], 0, 1), Throws.TypeOf<NotSupportedException>().With.Message.Contains("ReadAsync"));
        Assert.That(() => stream.ReadByte(), Throws.TypeOf<NotSupportedException>());
        Assert.That(() => stream.Write(new byte[1], 0, 1), Throws.TypeOf<NotSupportedException>().With.Message.Contains("WriteAsync"));
        Assert.That(() => stream.WriteByte(1), Throws.TypeOf<NotSupportedException>());
        Assert.That(() => stream.Seek(0, SeekOrigin.Begin), Throws.TypeOf<NotSupportedException>());
        Assert.That(stream.Flush, Throws.Nothing);
    }

    private static async Task<(Stream Local, Stream Remote)> OpenAsync(PeerPair pair)
    {
        var (local, remote) = await pair.OpenChannelAsync();
        return (local.AsStream(), remote.AsStream());
    }
}
