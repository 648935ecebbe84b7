using System.Collections.Concurrent;
using System.IO.Pipelines;
using Microsoft.Extensions.Logging.Abstractions;
using WebRtcCore.Primitives;
using WebRtcCore.Testing;
using WebRtcCore.Transport;

namespace WebRtcCore.Tests.Transport;

[TestFixture]
public class StreamEndpointTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly NetworkPath Path = new(
        TransportAddress.Parse("127.0.0.1", 1), TransportAddress.Parse("127.0.0.1", 2), TransportProtocol.Tcp);

    [Test]
    public async Task Messages_are_cut_out_of_the_stream_however_it_is_sliced()
    {
        await using var bench = new Bench();
        byte[] stream = [0x40, 0, 0, 3, 1, 2, 3, 0, 0x41, 1, 0, 0, 0x40, 0, 0, 4, 5, 6, 7, 8];
        foreach (var b in stream)
        {
            await bench.Server.WriteAsync(new[] { b });
        }

        byte[][] messages = [await bench.NextAsync(), await bench.NextAsync(), await bench.NextAsync()];
        Assert.That(messages, Is.EqualTo(new byte[][] { [0x40, 0, 0, 3, 1, 2, 3, 0], [0x41, 1, 0, 0], [0x40, 0, 0, 4, 5, 6, 7, 8] }));
        await bench.Server.WriteAsync(stream);
        for (var i = 0; i < 3; i++)
        {
            await bench.NextAsync();
        }
    }

    [Test]
    public async Task What_is_sent_leaves_in_order()
    {
        await using var bench = new Bench();
        for (byte i = 0; i < 100; i++)
        {
            Assert.That(bench.Endpoint.Send([0x40, 0, 0, 1, i, 0, 0, 0]), Is.True);
        }

        var read = new byte[800];
        await bench.Server.ReadExactlyAsync(read).AsTask().WaitAsync(Patience);
        Assert.That(read.Where((_, i) => i % 8 == 4), Is.EqualTo(Enumerable.Range(0, 100)));
    }

    [Test]
    public async Task What_is_queued_is_sent_before_the_stream_closes()
    {
        var bench = new Bench();
        bench.Endpoint.Send([1, 2, 3, 4]);
        await bench.Endpoint.DisposeAsync();
        var read = new byte[4];
        await bench.Server.ReadExactlyAsync(read).AsTask().WaitAsync(Patience);
        Assert.That(read, Is.EqualTo(new byte[] { 1, 2, 3, 4 }));
        Assert.That(bench.Endpoint.Send([1]), Is.False);
        await bench.DisposeAsync();
    }

    [Test]
    public async Task The_servers_end_of_the_stream_is_told()
    {
        await using var bench = new Bench();
        await bench.Server.DisposeAsync();
        await bench.Closed.WaitAsync(Patience);
    }

    [Test]
    public async Task Security_12_a_message_that_is_too_long_is_skipped()
    {
        await using var bench = new Bench();
        byte[] tooLong = [0x40, 0, 0xFF, 0xFF, .. new byte[65_536]];
        byte[] next = [0x40, 0, 0, 4, 1, 2, 3, 4];
        await bench.Server.WriteAsync(tooLong.AsMemory(0, 100));
        await bench.Server.WriteAsync(tooLong.AsMemory(100));
        await bench.Server.WriteAsync(next);
        Assert.That(await bench.NextAsync(), Is.EqualTo(next));
        Assert.That(bench.Closed.IsCompleted || !bench.Received.IsEmpty, Is.False);
    }

    [Test]
    public async Task Security_12_what_is_no_message_ends_the_stream()
    {
        await using var bench = new Bench();
        await bench.Server.WriteAsync(new byte[] { 0x16, 3, 1, 0, 0, 0, 0, 0 });
        await bench.Closed.WaitAsync(Patience);
        Assert.That(bench.Received, Is.Empty);
    }

    [Test]
    public async Task Security_12_a_message_that_trickles_ends_the_stream()
    {
        await using var bench = new Bench();

        await bench.Server.WriteAsync(new byte[] { 0x40, 0, 0, 4, 1 });
        await bench.UntilDueAsync(StreamEndpoint.FrameTimeout);
        bench.Time.Advance(StreamEndpoint.FrameTimeout / 2);
        await bench.Server.WriteAsync(new byte[] { 2 });
        await bench.UntilDueAsync(StreamEndpoint.FrameTimeout / 2);
        bench.Time.Advance(StreamEndpoint.FrameTimeout / 2);
        await bench.Closed.WaitAsync(Patience);
        Assert.That(bench.Received, Is.Empty);
    }

    [Test]
    public async Task Security_12_what_waits_to_be_sent_is_bounded()
    {
        var bench = new Bench(pauseAt: 1000);
        var message = new byte[1000];
        var taken = 0;
        while (bench.Endpoint.Send(message))
        {
            Assert.That(++taken, Is.LessThan(2000));
        }

        Assert.That(taken, Is.InRange(1000, 1060));
        await bench.Server.DisposeAsync();
        await bench.DisposeAsync();
    }

    private sealed class Bench : IDatagramSink, IAsyncDisposable
    {
        private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly SemaphoreSlim _arrived = new(0);

        public Bench(long pauseAt = 65_536)
        {
            var options = new PipeOptions(pauseWriterThreshold: pauseAt, resumeWriterThreshold: pauseAt / 2, useSynchronizationContext: false);
            var (up, down) = (new Pipe(options), new Pipe(options));
            Server = new DuplexStream(up.Reader.AsStream(), down.Writer.AsStream());
            Endpoint = new StreamEndpoint(new DuplexStream(down.Reader.AsStream(), up.Writer.AsStream()), Path, Time, NullLogger.Instance);
            Endpoint.Start(this, () => _closed.TrySetResult());
        }

        public VirtualTimeProvider Time { get; } = new();

        public StreamEndpoint Endpoint { get; }

        public DuplexStream Server { get; }

        public Task Closed => _closed.Task;

        public ConcurrentQueue<byte[]> Received { get; } = new();

        public async Task<byte[]> NextAsync()
        {
            Assert.That(await _arrived.WaitAsync(Patience), Is.True);
            return Received.TryDequeue(out var message) ? message : [];
        }

        public async Task UntilDueAsync(TimeSpan due)
        {
            using var limit = new CancellationTokenSource(Patience);
            while (Time.NextDue != due)
            {
                limit.Token.ThrowIfCancellationRequested();
                await Task.Yield();
            }
        }

        public void OnDatagram(Span<byte> datagram, in NetworkPath path)
        {
            Received.Enqueue(datagram.ToArray());
            _arrived.Release();
        }

        public void OnBatchEnd()
        {
        }

        public async ValueTask DisposeAsync()
        {
            await Server.DisposeAsync();
            await Endpoint.DisposeAsync();
            _arrived.Dispose();
        }
    }

    /// <summary>Two one-way streams as one.</summary>
    private sealed class DuplexStream(Stream input, Stream output) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush() => output.Flush();

        public override Task FlushAsync(CancellationToken cancellationToken) => output.FlushAsync(cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => input.ReadAsync(buffer, cancellationToken);

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => output.WriteAsync(buffer, cancellationToken);

        protected override void Dispose(bool disposing)
        {
            input.Dispose();
            output.Dispose();
            base.Dispose(disposing);
        }
    }
}
