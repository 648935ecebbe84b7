using System.Buffers;
using System.IO.Pipelines;
using WebRtcCore.Diagnostics;

namespace WebRtcCore.Transport;

/// <summary>
/// What waits to be sent on one byte stream. Queueing never waits: beyond a bound it is refused and counted, as a full socket drops datagrams. One caller queues
/// at a time.
/// </summary>
/// <param name="maxBytes">The most that waits, in bytes.</param>
internal sealed class StreamSendQueue(int maxBytes)
{
    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: 0, useSynchronizationContext: false));
    private long _queued;
    private volatile bool _isClosed;

    /// <summary>Where to write what <see cref="TryReserve"/> has made room for.</summary>
    public IBufferWriter<byte> Writer => _pipe.Writer;

    /// <summary>Makes room for so many bytes; <see langword="false"/> if there is none, or the stream has ended.</summary>
    public bool TryReserve(int length)
    {
        if (_isClosed || Interlocked.Read(ref _queued) + length > maxBytes)
        {
            RtcMeter.Dropped(DropReason.SendBufferFull);
            return false;
        }

        Interlocked.Add(ref _queued, length);
        return true;
    }

    /// <summary>Lets go what was written.</summary>
    public void Flush() => _ = FlushAsync();

    /// <summary>Takes nothing more; what is there may still be sent.</summary>
    public void Close() => _isClosed = true;

    /// <summary>Says that nothing more will be written: sending ends with what is there.</summary>
    public void Complete() => _pipe.Writer.Complete();

    /// <summary>Sends until <see cref="Complete"/>, or until the stream fails.</summary>
    public async Task SendAsync(Stream stream, CancellationToken cancellationToken)
    {
        var reader = _pipe.Reader;
        while (true)
        {
            var result = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            foreach (var segment in result.Buffer)
            {
                await stream.WriteAsync(segment, cancellationToken).ConfigureAwait(false);
            }

            await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
            Interlocked.Add(ref _queued, -result.Buffer.Length);
            reader.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
            {
                return;
            }
        }
    }

    // The pipe never holds up its writer, so this completes at once.
    private async Task FlushAsync()
    {
        try
        {
            await _pipe.Writer.FlushAsync().ConfigureAwait(false);
        }
        catch (InvalidOperationException)
        {
            // Completed at this moment: what was written has nowhere to go.
        }
    }
}
