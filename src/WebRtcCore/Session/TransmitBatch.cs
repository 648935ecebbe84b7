using System.Buffers;
using WebRtcCore.Primitives;

namespace WebRtcCore.Session;

/// <summary>
/// Collects datagrams side by side in one buffer, so that equal-sized ones for one path leave in one call (UDP segmentation offload).
/// The buffer is rented while a turn sends, so that an idle connection holds none.
/// </summary>
internal sealed class TransmitBatch(ITransmitTarget target, int maxDatagramSize)
{
    // What one call to the kernel may carry: 64 KiB less headers, and at most 64 segments.
    private const int BufferSize = 64_000;
    private const int MaxSegments = 48;

    private byte[]? _buffer;
    private NetworkPath _path;
    private int _segmentSize;
    private int _segments;
    private int _used;
    private bool _isComplete;

    /// <summary>Room for the next datagram; at least the largest one.</summary>
    public Span<byte> Next()
    {
        if (_isComplete || BufferSize - _used < maxDatagramSize || _segments == MaxSegments)
        {
            Send();
        }

        _buffer ??= ArrayPool<byte>.Shared.Rent(BufferSize);
        return _buffer.AsSpan(_used);
    }

    /// <summary>A datagram now lies where <see cref="Next"/> pointed. One of a kind of its own leaves at once, behind what was collected.</summary>
    public void Add(in Transmit transmit)
    {
        var (length, path) = (transmit.Length, transmit.Path!.Value);
        if (transmit.Kind != TransmitKind.Normal)
        {
            var at = _used;
            Send();
            target.SendAlone(_buffer.AsSpan(at, length), transmit.Kind, path);
            return;
        }

        if (_segments > 0 && (length > _segmentSize || path != _path))
        {
            // It does not fit behind the others: they go first, and it starts the next batch.
            var start = _used;
            Send();
            _buffer.AsSpan(start, length).CopyTo(_buffer);
        }

        if (_segments == 0)
        {
            _path = path;
            _segmentSize = length;
        }

        _segments++;
        _used += length;
        _isComplete = length < _segmentSize;
    }

    /// <summary>Sends what has been collected, and gives the buffer back.</summary>
    public void Flush()
    {
        Send();
        if (_buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = null;
        }
    }

    private void Send()
    {
        if (_segments > 0)
        {
            target.Send(_buffer.AsSpan(0, _used), _segmentSize, _path);
        }

        _segments = 0;
        _used = 0;
        _segmentSize = 0;
        _isComplete = false;
    }
}
