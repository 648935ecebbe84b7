using System.Buffers.Binary;

namespace WebRtcCore.Media.Wav;

/// <summary>Reads a WAV file (RIFF) with integer, float, A-law or mu-law samples. One call at a time; the stream stays the caller's.</summary>
public sealed class WavReader
{
    // A file is not asked to be read through for ever in search of its samples.
    private const int MaxChunks = 1000;

    private readonly Stream _stream;
    private long _left;

    private WavReader(Stream stream, WavFormat format, long dataLength)
    {
        _stream = stream;
        _left = dataLength;
        Format = format;
    }

    /// <summary>What the samples are.</summary>
    public WavFormat Format { get; }

    /// <summary>Reads up to the samples.</summary>
    /// <exception cref="InvalidDataException">It is no WAV file, or one with samples of another kind.</exception>
    public static async Task<WavReader> OpenAsync(Stream stream, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var head = await ReadAsync(stream, WavHeader.RiffHeaderLength, cancellationToken).ConfigureAwait(false);
        if (!head.AsSpan(0, 4).SequenceEqual("RIFF"u8) || !head.AsSpan(8).SequenceEqual("WAVE"u8))
        {
            throw new InvalidDataException("This is no WAV file.");
        }

        WavFormat? format = null;
        for (var i = 0; i < MaxChunks; i++)
        {
            var chunk = await ReadAsync(stream, WavHeader.ChunkHeaderLength, cancellationToken).ConfigureAwait(false);
            var length = BinaryPrimitives.ReadUInt32LittleEndian(chunk.AsSpan(4));
            if (chunk.AsSpan(0, 4).SequenceEqual("data"u8))
            {
                return new WavReader(stream, format ?? throw new InvalidDataException("The samples come before their format."), length == uint.MaxValue ? long.MaxValue : length);
            }

            if (!chunk.AsSpan(0, 4).SequenceEqual("fmt "u8))
            {
                await SkipAsync(stream, length + (length & 1), cancellationToken).ConfigureAwait(false);
                continue;
            }

            if (length > WavHeader.MaxFormatLength)
            {
                throw new InvalidDataException($"The format has {length} bytes.");
            }

            var bytes = await ReadAsync(stream, (int)(length + (length & 1)), cancellationToken).ConfigureAwait(false);
            format = WavHeader.TryReadFormat(bytes, out var read) ? read : throw new InvalidDataException("Samples of this kind are not supported.");
        }

        throw new InvalidDataException("The file has no samples.");
    }

    /// <summary>Reads coded samples, whole ones of all channels.</summary>
    /// <param name="destination">Room for at least one sample of all channels.</param>
    /// <param name="cancellationToken">Ends the reading; samples may be lost then.</param>
    /// <returns>Bytes read; 0 at the end. What is cut off at the end of the file is left out.</returns>
    /// <exception cref="ArgumentException">There is not even room for one sample.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        var align = Format.BlockAlign;
        if (destination.Length < align)
        {
            throw new ArgumentException($"A sample has {align} bytes.", nameof(destination));
        }

        var length = (int)Math.Min(destination.Length, _left);
        if (length < align)
        {
            return 0;
        }

        var read = await _stream.ReadAtLeastAsync(destination[..(length - (length % align))], align, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        if (read % align != 0)
        {
            // The stream gave part of a sample: the rest is fetched, unless it ends here.
            var rest = await _stream.ReadAtLeastAsync(destination.Slice(read, align - (read % align)), align - (read % align), throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            read += rest;
        }

        _left -= read;
        return read - (read % align);
    }

    private static async ValueTask<byte[]> ReadAsync(Stream stream, int length, CancellationToken cancellationToken)
    {
        var bytes = new byte[length];
        if (await stream.ReadAtLeastAsync(bytes, length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false) < length)
        {
            throw new InvalidDataException("The file ends before its samples.");
        }

        return bytes;
    }

    private static async ValueTask SkipAsync(Stream stream, long length, CancellationToken cancellationToken)
    {
        if (stream.CanSeek)
        {
            stream.Seek(length, SeekOrigin.Current);
            return;
        }

        var buffer = new byte[Math.Min(length, 64 * 1024)];
        while (length > 0)
        {
            var part = await stream.ReadAsync(buffer.AsMemory(0, (int)Math.Min(length, buffer.Length)), cancellationToken).ConfigureAwait(false);
            if (part == 0)
            {
                throw new InvalidDataException("The file ends before its samples.");
            }

            length -= part;
        }
    }
}
