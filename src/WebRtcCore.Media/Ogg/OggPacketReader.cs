using System.Buffers.Binary;

namespace WebRtcCore.Media.Ogg;

/// <summary>Takes the packets of the first logical stream out of its pages (RFC 3533).</summary>
internal sealed class OggPacketReader(Stream stream)
{
    /// <summary>The longest packet that is put together from segments; headers may be long, Opus packets are not.</summary>
    private const int MaxPacketLength = 1024 * 1024;

    private readonly Queue<byte[]> _packets = new();
    private readonly byte[] _page = new byte[OggPage.MaxLength];
    private readonly List<byte> _unfinished = [];
    private uint? _serialNumber;
    private bool _ended;

    /// <summary>The next packet, or <see langword="null"/> at the end.</summary>
    /// <exception cref="InvalidDataException">What comes is no page, a damaged one, or a packet of more than a megabyte.</exception>
    public async ValueTask<byte[]?> ReadAsync(CancellationToken cancellationToken)
    {
        while (_packets.Count == 0)
        {
            if (_ended || !await ReadPageAsync(cancellationToken).ConfigureAwait(false))
            {
                return null;
            }
        }

        return _packets.Dequeue();
    }

    // Whether there was a page; one cut off at the end of the file counts as none.
    private async ValueTask<bool> ReadPageAsync(CancellationToken cancellationToken)
    {
        if (await FillAsync(0, OggPage.HeaderLength, cancellationToken).ConfigureAwait(false) is not OggPage.HeaderLength)
        {
            return false;
        }

        if (!OggPage.TryRead(_page, out var page, out var segments))
        {
            throw new InvalidDataException("There is no Ogg page where one should begin.");
        }

        if (await FillAsync(OggPage.HeaderLength, segments, cancellationToken).ConfigureAwait(false) < segments)
        {
            return false;
        }

        var start = OggPage.HeaderLength + segments;
        var length = 0;
        for (var i = OggPage.HeaderLength; i < start; i++)
        {
            length += _page[i];
        }

        if (await FillAsync(start, length, cancellationToken).ConfigureAwait(false) < length)
        {
            return false;
        }

        Check(start + length);
        _serialNumber ??= page.SerialNumber;
        if (page.SerialNumber == _serialNumber)
        {
            TakePackets(page, segments);
            _ended = (page.Flags & OggPage.EndOfStream) != 0;
        }

        return true;
    }

    private void Check(int length)
    {
        var bytes = _page.AsSpan(0, length);
        var crc = bytes.Slice(OggPage.CrcOffset, sizeof(uint));
        var expected = BinaryPrimitives.ReadUInt32LittleEndian(crc);
        crc.Clear();
        if (OggCrc.Compute(bytes) != expected)
        {
            throw new InvalidDataException("An Ogg page is damaged.");
        }
    }

    private void TakePackets(in OggPage page, int segments)
    {
        // The rest of a packet whose beginning was not seen is skipped; so is a beginning whose rest does not follow.
        var isContinued = (page.Flags & OggPage.Continued) != 0;
        var skips = isContinued && _unfinished.Count == 0;
        if (!isContinued)
        {
            _unfinished.Clear();
        }

        var position = OggPage.HeaderLength + segments;
        for (var i = 0; i < segments; i++)
        {
            var length = _page[OggPage.HeaderLength + i];
            if (!skips)
            {
                _unfinished.AddRange(_page.AsSpan(position, length));
            }

            position += length;
            if (_unfinished.Count > MaxPacketLength)
            {
                throw new InvalidDataException("A packet has more than a megabyte.");
            }

            if (length < OggPage.MaxSegmentLength)
            {
                if (!skips)
                {
                    _packets.Enqueue([.. _unfinished]);
                }

                skips = false;
                _unfinished.Clear();
            }
        }
    }

    private ValueTask<int> FillAsync(int offset, int length, CancellationToken cancellationToken) =>
        stream.ReadAtLeastAsync(_page.AsMemory(offset, length), length, throwOnEndOfStream: false, cancellationToken);
}
