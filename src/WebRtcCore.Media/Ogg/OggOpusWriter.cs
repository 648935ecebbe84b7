using System.Buffers.Binary;
using System.Text;

namespace WebRtcCore.Media.Ogg;

/// <summary>
/// Writes Opus packets, as RTP brings them, into an Ogg file (RFC 7845). A page goes out every second. One call at a time; the stream stays the caller's.
/// </summary>
public sealed class OggOpusWriter : IAsyncDisposable
{
    private const string Vendor = "WebRtcCore";
    private readonly OggPageWriter _pages;
    private readonly Stream _stream;
    private readonly OpusHead _head;
    private long _position;
    private long _pageStart;
    private byte _lastTableOfContents;
    private bool _begun;
    private bool _completed;

    /// <summary>Creates a writer; the headers go out with the first packet.</summary>
    /// <param name="stream">Where to write; it need not be able to seek.</param>
    /// <param name="head">What the file says of its sound, or <see langword="null"/> for stereo.</param>
    /// <param name="serialNumber">The logical stream's number; of use only where streams are put together.</param>
    /// <exception cref="ArgumentException">A field of <paramref name="head"/> is out of range.</exception>
    public OggOpusWriter(Stream stream, OpusHead? head = null, uint serialNumber = 1)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _stream = stream;
        _head = head ?? new OpusHead();
        if (!_head.IsValid)
        {
            throw new ArgumentException($"There is no such sound: {_head}.", nameof(head));
        }

        _pages = new OggPageWriter(stream, serialNumber);
    }

    /// <summary>How much has been written.</summary>
    public TimeSpan Duration => TimeSpan.FromSeconds((double)_position / OpusPacket.ClockRate);

    /// <summary>Writes a packet behind the last one.</summary>
    /// <exception cref="ArgumentException">It is no Opus packet.</exception>
    /// <exception cref="InvalidOperationException">The writer is completed.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> packet, CancellationToken cancellationToken = default)
    {
        ThrowIfCompleted();
        if (!OpusPacket.TryGetSamples(packet.Span, out var samples))
        {
            throw new ArgumentException("This is no Opus packet.", nameof(packet));
        }

        await BeginOnceAsync(cancellationToken).ConfigureAwait(false);
        _lastTableOfContents = packet.Span[0];
        await AddAsync(packet, samples, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Writes a hole, so that what follows keeps its time: packets without sound, which a decoder conceals (RFC 7845, 4.1). As many whole ones of the last
    /// packet's length as fit; before the first packet, nothing.
    /// </summary>
    /// <returns>The length of the hole written.</returns>
    /// <exception cref="InvalidOperationException">The writer is completed.</exception>
    public async ValueTask<TimeSpan> WriteLossAsync(TimeSpan duration, CancellationToken cancellationToken = default)
    {
        ThrowIfCompleted();
        var start = _position;
        if (_begun)
        {
            var samples = OpusPacket.GetFrameSamples(_lastTableOfContents);

            // One frame of no bytes: the configuration with the frame count code 0.
            byte[] packet = [(byte)(_lastTableOfContents & ~3)];
            for (var left = (long)(duration.TotalSeconds * OpusPacket.ClockRate); left >= samples; left -= samples)
            {
                await AddAsync(packet, samples, cancellationToken).ConfigureAwait(false);
            }
        }

        return TimeSpan.FromSeconds((double)(_position - start) / OpusPacket.ClockRate);
    }

    /// <summary>Ends the file. Does nothing a second time.</summary>
    public async ValueTask CompleteAsync(CancellationToken cancellationToken = default)
    {
        if (_completed)
        {
            return;
        }

        await BeginOnceAsync(cancellationToken).ConfigureAwait(false);
        _completed = true;
        await _pages.FlushAsync(OggPage.EndOfStream, cancellationToken).ConfigureAwait(false);
        await _stream.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>As <see cref="CompleteAsync"/>.</summary>
    public ValueTask DisposeAsync() => CompleteAsync();

    // RFC 7845 3: each header has pages of its own, with granule position 0.
    private async ValueTask BeginOnceAsync(CancellationToken cancellationToken)
    {
        if (_begun)
        {
            return;
        }

        _begun = true;
        await _pages.AddAsync(_head.Write(), 0, cancellationToken).ConfigureAwait(false);
        await _pages.FlushAsync(OggPage.BeginOfStream, cancellationToken).ConfigureAwait(false);
        await _pages.AddAsync(WriteTags(), 0, cancellationToken).ConfigureAwait(false);
        await _pages.FlushAsync(0, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask AddAsync(ReadOnlyMemory<byte> packet, int samples, CancellationToken cancellationToken)
    {
        // The page goes out before the packet that would make it too long, so that the last page is never empty.
        if (_pages.HasPackets && _position + samples - _pageStart > OpusPacket.ClockRate)
        {
            _pageStart = _position;
            await _pages.FlushAsync(0, cancellationToken).ConfigureAwait(false);
        }

        _position += samples;
        await _pages.AddAsync(packet, _position, cancellationToken).ConfigureAwait(false);
    }

    private static byte[] WriteTags()
    {
        var magic = "OpusTags"u8;
        var vendor = Encoding.UTF8.GetBytes(Vendor);
        var bytes = new byte[magic.Length + sizeof(int) + vendor.Length + sizeof(int)];
        magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(magic.Length), vendor.Length);
        vendor.CopyTo(bytes.AsSpan(magic.Length + sizeof(int)));
        return bytes;
    }

    private void ThrowIfCompleted()
    {
        if (_completed)
        {
            throw new InvalidOperationException("The file is complete.");
        }
    }
}
