using WebRtcCore.Dtls.Messages;
using WebRtcCore.Primitives;

namespace WebRtcCore.Dtls.Records;

/// <summary>Alerts waiting to be sent; they are not retransmitted (RFC 6347 4.2.7).</summary>
internal sealed class AlertQueue
{
    // One per reason to send any: a refusal of renegotiation, a failure or a close. A flood of bad hellos must not queue more.
    private const int MaxPending = 4;
    private readonly Queue<Alert> _pending = new();

    public void Add(Alert alert)
    {
        if (_pending.Count < MaxPending)
        {
            _pending.Enqueue(alert);
        }
    }

    /// <summary>Writes the next alert as one record under the best keys there are; 0 if none waits.</summary>
    public int Write(Span<byte> destination, RecordLayer records)
    {
        if (!_pending.TryDequeue(out var alert))
        {
            return 0;
        }

        var epoch = records.HasKeys ? RecordLayer.ProtectedEpoch : (ushort)0;
        var writer = new SpanWriter(destination[records.PlaintextOffset(epoch)..]);
        alert.Write(ref writer);
        return records.Seal(ContentType.Alert, epoch, destination, Alert.Length);
    }
}
