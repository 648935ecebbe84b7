using WebRtcCore.Primitives;
using WebRtcCore.Rtp.Rtcp;

namespace WebRtcCore.Rtp.Receive;

/// <summary>
/// Arrival times of the transport's packets since the last feedback, in a ring of fixed size: packets that fall out of it unreported
/// are never reported.
/// </summary>
internal sealed class TransportFeedbackCollector
{
    private const int Capacity = 4096;
    private const long NotReceived = -1;

    // Keeps a feedback packet within what fits in any MTU.
    private const int MaxStatuses = 400;

    // The first number's extension: room below it for packets that it overtook.
    private const long FirstCycle = 0x1_0000;

    // Made with the first packet: 34 KB that a connection without media does not need.
    private long[] _arrivals = [];
    private short?[] _deltas = [];
    private long _next = -1;
    private long _highest = -1;
    private byte _feedbackCount;
    private Ssrc _lastMedia;

    /// <summary>Whether there is anything to report.</summary>
    public bool HasNews => _highest >= 0 && _next <= _highest;

    /// <summary>Notes a packet.</summary>
    public void Add(ushort sequenceNumber, Ssrc media, Instant now)
    {
        _lastMedia = media;
        var arrival = Math.Max(0, now.Ticks / TransportFeedback.DeltaTick.Ticks);
        if (_highest < 0)
        {
            _arrivals = new long[Capacity];
            _deltas = new short?[MaxStatuses];
            Array.Fill(_arrivals, NotReceived);
            _highest = FirstCycle + sequenceNumber;
            _next = _highest;
            _arrivals[_highest % Capacity] = arrival;
            return;
        }

        var number = SerialNumber.Unwrap(sequenceNumber, _highest);
        if (number <= _highest - Capacity)
        {
            return;
        }

        if (number > _highest)
        {
            for (var i = Math.Max(_highest + 1, number - Capacity + 1); i < number; i++)
            {
                _arrivals[i % Capacity] = NotReceived;
            }

            _highest = number;
            _next = Math.Max(_next, number - Capacity + 1);
        }
        else if (_arrivals[number % Capacity] != NotReceived)
        {
            return;
        }

        // A packet that was reported as missing has come after all: the next feedback goes back to it.
        _arrivals[number % Capacity] = arrival;
        _next = Math.Min(_next, number);
    }

    /// <summary>Writes one feedback packet; call again while there is more to report.</summary>
    /// <returns>The packet's length, or 0 if there is no room or nothing to report.</returns>
    public int Write(Span<byte> destination, Ssrc sender)
    {
        if (!HasNews || destination.Length < TransportFeedbackWriter.GetMaxEncodedLength(MaxStatuses))
        {
            return 0;
        }

        var first = _next;
        var count = 0;
        long referenceTime = -1;
        long last = 0;
        for (var number = first; number <= _highest && count < MaxStatuses; number++)
        {
            var arrival = _arrivals[number % Capacity];
            if (arrival == NotReceived)
            {
                _deltas[count++] = null;
                continue;
            }

            if (referenceTime < 0)
            {
                referenceTime = arrival / TransportFeedback.DeltaTicksPerReferenceTick;
                last = referenceTime * TransportFeedback.DeltaTicksPerReferenceTick;
            }

            var delta = arrival - last;
            if (delta is < short.MinValue or > short.MaxValue)
            {
                break;
            }

            _deltas[count++] = (short)delta;
            last = arrival;
        }

        _next = first + count;
        if (referenceTime < 0)
        {
            // Only missing packets in front of the highest, more than one feedback holds: they are reported by not being mentioned.
            return HasNews ? Write(destination, sender) : 0;
        }

        return TransportFeedbackWriter.Write(
            destination, sender, _lastMedia, (ushort)first, (int)referenceTime, _feedbackCount++, _deltas.AsSpan(0, count));
    }
}
