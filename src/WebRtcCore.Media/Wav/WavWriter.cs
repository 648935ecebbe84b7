using System.Buffers.Binary;

namespace WebRtcCore.Media.Wav;

/// <summary>
/// Writes a WAV file (RIFF). Where the stream can seek, the sizes in the header are filled in at the end; elsewhere they say "until the end", which players
/// accept. One call at a time; the stream stays the caller's.
/// </summary>
public sealed class WavWriter : IAsyncDisposable
{
    private const int RiffSizeOffset = 4;
    private const uint UnknownSize = uint.MaxValue;

    private readonly Stream _stream;
    private readonly WavFormat _format;
    private long _start;
    private long _dataLength;
    private int _headerLength;
    private bool _completed;

    /// <summary>Creates a writer; the header goes out with the first samples.</summary>
    /// <exception cref="ArgumentException">The format is out of range.</exception>
    public WavWriter(Stream stream, WavFormat format)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(format);
        if (!format.IsValid)
        {
            throw new ArgumentException($"There is no such format: {format}.", nameof(format));
        }

        _stream = stream;
        _format = format;
    }

    /// <summary>How much has been written.</summary>
    public TimeSpan Duration => TimeSpan.FromSeconds((double)_dataLength / _format.ByteRate);

    /// <summary>Writes coded samples, whole ones of all channels.</summary>
    /// <exception cref="ArgumentException">Part of a sample is missing.</exception>
    /// <exception cref="InvalidOperationException">The writer is completed.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> samples, CancellationToken cancellationToken = default)
    {
        ThrowIfCompleted();
        if (samples.Length % _format.BlockAlign != 0)
        {
            throw new ArgumentException($"{samples.Length} bytes are not whole samples of {_format.BlockAlign} bytes.", nameof(samples));
        }

        await WriteHeaderOnceAsync(cancellationToken).ConfigureAwait(false);
        await _stream.WriteAsync(samples, cancellationToken).ConfigureAwait(false);
        _dataLength += samples.Length;
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
        if (_dataLength % 2 != 0)
        {
            await _stream.WriteAsync(new byte[1], cancellationToken).ConfigureAwait(false);
        }

        if (_stream.CanSeek)
        {
            var end = _stream.Position;
            await PatchAsync(_start + RiffSizeOffset, end - _start - RiffSizeOffset - sizeof(uint), cancellationToken).ConfigureAwait(false);
            await PatchAsync(_start + _headerLength - sizeof(uint), _dataLength, cancellationToken).ConfigureAwait(false);
            _stream.Position = end;
        }

        await _stream.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>As <see cref="CompleteAsync"/>.</summary>
    public ValueTask DisposeAsync() => CompleteAsync();

    private async ValueTask WriteHeaderOnceAsync(CancellationToken cancellationToken)
    {
        if (_headerLength == 0)
        {
            var header = WavHeader.Write(_format, UnknownSize);
            _start = _stream.CanSeek ? _stream.Position : 0;
            _headerLength = header.Length;
            await _stream.WriteAsync(header, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask PatchAsync(long offset, long size, CancellationToken cancellationToken)
    {
        var bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)Math.Min(size, UnknownSize));
        _stream.Position = offset;
        await _stream.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
    }

    private void ThrowIfCompleted()
    {
        if (_completed)
        {
            throw new InvalidOperationException("The file is complete.");
        }
    }
}
