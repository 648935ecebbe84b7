using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using WebRtcCore.Media.KeyFrames;
using WebRtcCore.Media.Matroska;

namespace WebRtcCore.Media.Ivf;

/// <summary>Reads an IVF file. One call at a time; the stream stays the caller's.</summary>
public sealed class IvfReader
{
    /// <summary>The longest frame that is read, in bytes.</summary>
    public const int MaxFrameLength = 64 * 1024 * 1024;

    private readonly Stream _stream;

    private IvfReader(Stream stream, IvfHeader header)
    {
        _stream = stream;
        Header = header;
    }

    /// <summary>What the file says of its video.</summary>
    public IvfHeader Header { get; }

    /// <summary>Reads the header.</summary>
    /// <exception cref="InvalidDataException">It is no IVF file.</exception>
    public static async Task<IvfReader> OpenAsync(Stream stream, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var bytes = new byte[IvfHeader.Length];
        var read = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        if (!IvfHeader.TryRead(bytes.AsSpan(0, read), out var header, out var length))
        {
            throw new InvalidDataException("This is no IVF file.");
        }

        // The header may have grown in a later version of the format.
        var rest = new byte[length - IvfHeader.Length];
        return await stream.ReadAtLeastAsync(rest, rest.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false) == rest.Length
            ? new IvfReader(stream, header)
            : throw new InvalidDataException("The file ends within its header.");
    }

    /// <summary>The frames from here on. A frame cut off at the end of the file is left out.</summary>
    /// <exception cref="InvalidDataException">A frame is longer than <see cref="MaxFrameLength"/>.</exception>
    public async IAsyncEnumerable<IvfFrame> ReadFramesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var head = new byte[IvfHeader.FrameHeaderLength];
        while (await _stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false) == head.Length)
        {
            var length = BinaryPrimitives.ReadUInt32LittleEndian(head);
            if (length > MaxFrameLength)
            {
                throw new InvalidDataException($"A frame has {length} bytes.");
            }

            var data = new byte[length];
            if (await _stream.ReadAtLeastAsync(data, data.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false) < data.Length)
            {
                yield break;
            }

            yield return new IvfFrame(data, BinaryPrimitives.ReadInt64LittleEndian(head.AsSpan(sizeof(uint)))) { IsKeyFrame = IsKeyFrame(data) };
        }
    }

    private bool IsKeyFrame(ReadOnlySpan<byte> frame) => Header.Codec switch
    {
        "VP80" => Vp8KeyFrame.TryRead(frame, out _),
        "VP90" => Vp9KeyFrame.TryRead(frame, out _),
        "AV01" => Av1Configuration.TryMake(frame) is not null,
        _ => false,
    };
}
