using System.Buffers.Binary;
using WebRtcCore.Primitives;

namespace WebRtcCore.Testing.Congestion;

/// <summary>
/// A flow that takes what it can get, as TCP Reno does (RFC 5681, without its details): a window that grows by a packet per round trip until a loss halves
/// it. It fills whatever queue there is.
/// </summary>
public sealed class GreedyFlow
{
    private const int PacketLength = 1200;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    private readonly SortedDictionary<long, Instant> _inFlight = [];
    private readonly Queue<long> _acknowledgements = new();
    private double _window = 4;
    private double _threshold = double.MaxValue;
    private long _next;
    private long _recoverUntil;
    private Instant _now;
    private readonly Instant _starts;
    private bool _isStarted;

    internal GreedyFlow(Instant starts)
    {
        _starts = starts;
        SenderNode = new VirtualNode
        {
            OnDatagram = OnAcknowledgement,
            OnTimeout = OnTimeout,
            OnPoll = PollData,
            OnNextTimeout = () => !_isStarted ? _starts : _inFlight.Count > 0 ? _inFlight.Values.Min() + Timeout : null,
        };
        ReceiverNode = new VirtualNode { OnDatagram = OnData, OnPoll = PollAcknowledgement };
    }

    /// <summary>Bytes that have arrived.</summary>
    public long BytesArrived { get; private set; }

    internal VirtualNode SenderNode { get; }

    internal VirtualNode ReceiverNode { get; }

    private void OnTimeout(Instant now)
    {
        _now = now;
        if (_isStarted)
        {
            _inFlight.Clear();
            _threshold = Math.Max(2, _window / 2);
            _window = 2;
        }

        _isStarted = true;
    }

    private bool PollData(Span<byte> destination, out Transmit transmit)
    {
        transmit = default;
        if (!_isStarted || _inFlight.Count >= _window)
        {
            return false;
        }

        destination[..PacketLength].Clear();
        BinaryPrimitives.WriteInt64BigEndian(destination, _next);
        _inFlight.Add(_next++, _now);
        transmit = new Transmit(PacketLength, null);
        return true;
    }

    private void OnData(Span<byte> datagram, in NetworkPath path, Instant now)
    {
        BytesArrived += datagram.Length;
        _acknowledgements.Enqueue(BinaryPrimitives.ReadInt64BigEndian(datagram));
    }

    private bool PollAcknowledgement(Span<byte> destination, out Transmit transmit)
    {
        transmit = default;
        if (!_acknowledgements.TryDequeue(out var number))
        {
            return false;
        }

        BinaryPrimitives.WriteInt64BigEndian(destination, number);
        transmit = new Transmit(sizeof(long), null);
        return true;
    }

    private void OnAcknowledgement(Span<byte> datagram, in NetworkPath path, Instant now)
    {
        _now = now;
        var number = BinaryPrimitives.ReadInt64BigEndian(datagram);
        if (!_inFlight.Remove(number))
        {
            return;
        }

        _window += _window < _threshold ? 1 : 1 / _window;

        // The bottleneck keeps the order: what was sent three packets earlier and is not acknowledged is lost.
        while (_inFlight.Count > 0 && _inFlight.First().Key < number - 3)
        {
            var lost = _inFlight.First().Key;
            _inFlight.Remove(lost);
            if (lost >= _recoverUntil)
            {
                _threshold = _window = Math.Max(2, _window / 2);
                _recoverUntil = _next;
            }
        }
    }
}
