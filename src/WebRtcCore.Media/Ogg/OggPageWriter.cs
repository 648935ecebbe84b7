using System.Buffers.Binary;

namespace WebRtcCore.Media.Ogg;

/// <summary>Gathers packets into pages of one logical stream (RFC 3533). A packet longer than a page goes on in the next one.</summary>
internal sealed class OggPageWriter(Stream stream, uint serialNumber)
{
    private readonly byte[] _segments = new byte[OggPage.MaxSegments];
    private readonly byte[] _page = new byte[OggPage.MaxLength];
    private readonly byte[] _payload = new byte[OggPage.MaxSegments * OggPage.MaxSegmentLength];
    private int _segmentCount;
    private int _payloadLength;
    private uint _sequenceNumber;
    private long _granulePosition = OggPage.NoPacketEnds;
    private bool _continues;

    /// <summary>Whether packets wait for their page.</summary>
    public bool HasPackets => _segmentCount > 0;

    /// <summary>Adds a packet; full pages go out.</summary>
    public async ValueTask AddAsync(ReadOnlyMemory<byte> packet, long granulePosition, CancellationToken cancellationToken)
    {
        // The last segment of a packet is shorter than 255 bytes, if need be empty.
        while (true)
        {
            if (_segmentCount == OggPage.MaxSegments)
            {
                await FlushAsync(0, cancellationToken).ConfigureAwait(false);
            }

            var length = Math.Min(packet.Length, OggPage.MaxSegmentLength);
            packet.Span[..length].CopyTo(_payload.AsSpan(_payloadLength));
            _segments[_segmentCount++] = (byte)length;
            _payloadLength += length;
            packet = packet[length..];
            if (length < OggPage.MaxSegmentLength)
            {
                break;
            }
        }

        _granulePosition = granulePosition;
    }

    /// <summary>Writes what waits as a page, with further flags.</summary>
    public async ValueTask FlushAsync(byte flags, CancellationToken cancellationToken)
    {
        var isCut = _segmentCount > 0 && _segments[_segmentCount - 1] == OggPage.MaxSegmentLength;
        var page = new OggPage((byte)(flags | (_continues ? OggPage.Continued : 0)), _granulePosition, serialNumber, _sequenceNumber++);
        page.Write(_page, _segments.AsSpan(0, _segmentCount));
        var length = OggPage.HeaderLength + _segmentCount + _payloadLength;
        _payload.AsSpan(0, _payloadLength).CopyTo(_page.AsSpan(OggPage.HeaderLength + _segmentCount));
        BinaryPrimitives.WriteUInt32LittleEndian(_page.AsSpan(OggPage.CrcOffset), OggCrc.Compute(_page.AsSpan(0, length)));
        _continues = isCut;
        (_segmentCount, _payloadLength) = (0, 0);
        _granulePosition = OggPage.NoPacketEnds;
        await stream.WriteAsync(_page.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
    }
}
