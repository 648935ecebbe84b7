using System.Buffers.Binary;

namespace WebRtcCore.Media.Ivf;

/// <summary>
/// Writes an IVF file: VP8, VP9 or AV1 frames with timestamps. Where the stream can seek, the number of frames is filled in at the end.
/// One call at a time; the stream stays the caller's.
/// </summary>
public sealed class IvfWriter : IAsyncDisposable
{
    private readonly Stream _stream;
    private readonly IvfHeader _header;
    private readonly byte[] _frameHeader = new byte[IvfHeader.FrameHeaderLength];
    private long _start = -1;
    private bool _completed;

    /// <summary>Creates a writer; the header goes out with the first frame.</summary>
    /// <exception cref="ArgumentException">A field is out of range.</exception>
    public IvfWriter(Stream stream, IvfHeader header)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(header);
        if (!header.IsValid)
        {
            throw new ArgumentException($"There is no such video: {header}.", nameof(header));
        }

        _stream = stream;
        _header = header;
    }

    /// <summary>Frames written.</summary>
    public int Frames { get; private set; }

    /// <summary>Writes a frame.</summary>
    /// <exception cref="InvalidOperationException">The writer is completed.</exception>
    public async ValueTask WriteAsync(IvfFrame frame, CancellationToken cancellationToken = default)
    {
        if (_completed)
        {
            throw new InvalidOperationException("The file is complete.");
        }

        await WriteHeaderOnceAsync(cancellationToken).ConfigureAwait(false);
        BinaryPrimitives.WriteInt32LittleEndian(_frameHeader, frame.Data.Length);
        BinaryPrimitives.WriteInt64LittleEndian(_frameHeader.AsSpan(sizeof(int)), frame.Timestamp);
        await _stream.WriteAsync(_frameHeader, cancellationToken).ConfigureAwait(false);
        await _stream.WriteAsync(frame.Data, cancellationToken).ConfigureAwait(false);
        Frames++;
    }

    /// <summary>Ends the file. Does nothing a second time.</summary>
    public async ValueTask CompleteAsync(CancellationToken cancellationToken = default)
    {
        if (_completed)
        {
            return;
        }

        await WriteHeaderOnceAsync(cancellationToken).ConfigureAwait(false);
        _completed = true;
        if (_stream.CanSeek)
        {
            var end = _stream.Position;
            _stream.Position = _start + IvfHeader.FrameCountOffset;
            BinaryPrimitives.WriteInt32LittleEndian(_frameHeader, Frames);
            await _stream.WriteAsync(_frameHeader.AsMemory(0, sizeof(int)), cancellationToken).ConfigureAwait(false);
            _stream.Position = end;
        }

        await _stream.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>As <see cref="CompleteAsync"/>.</summary>
    public ValueTask DisposeAsync() => CompleteAsync();

    private async ValueTask WriteHeaderOnceAsync(CancellationToken cancellationToken)
    {
        if (_start < 0)
        {
            _start = _stream.CanSeek ? _stream.Position : 0;
            await _stream.WriteAsync(_header.Write(), cancellationToken).ConfigureAwait(false);
        }
    }
}
