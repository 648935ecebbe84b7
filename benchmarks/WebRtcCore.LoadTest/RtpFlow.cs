using System.Buffers.Binary;
using System.Diagnostics;
using WebRtcCore.LoadTest.Measuring;
using WebRtcCore.Rtp;

namespace WebRtcCore.LoadTest;

/// <summary>
/// Sends RTP packets with so many on their way at a time: RTP itself has no flow control, and without a window the figure would be how fast
/// the kernel throws packets away. A thread of its own sends, like a capture thread would.
/// </summary>
internal sealed class RtpFlow : IDisposable
{
    private const int TicksPerPacket = 300;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private readonly RtpSender _sender;
    private readonly int _window;
    private readonly byte[] _packet;
    private readonly int _length;
    private readonly AutoResetEvent _progress = new(false);
    private long _received;
    private long _wakeAt;
    private ushort _sequenceNumber;
    private uint _timestamp;

    public RtpFlow(RtpSender sender, RtpReceiver receiver, int payloadLength, int window)
    {
        _sender = sender;
        _window = window;
        _packet = new byte[1500];
        var writer = new RtpPacketWriter(_packet, new Ssrc(1), new PayloadType((byte)sender.GetParameters().Codecs[0].PayloadType), 0, 0);
        if (!writer.TryAddPayload(new byte[payloadLength]))
        {
            throw new InvalidOperationException("The payload does not fit.");
        }

        _length = writer.Complete();
        receiver.PacketReceived += (RtpReceiver _, in RtpPacketView _) => OnReceived();
    }

    /// <summary>Warms up, then measures for <paramref name="duration"/>.</summary>
    public Task<RtpFlowResult> RunAsync(TimeSpan duration)
    {
        var result = new TaskCompletionSource<RtpFlowResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                Send(WarmUp);
                result.SetResult(Send(duration));
            }
            catch (Exception exception)
            {
                result.SetException(exception);
            }
        })
        { IsBackground = true, Name = "RTP source" };
        thread.Start();
        return result.Task;
    }

    public void Dispose() => _progress.Dispose();

    private RtpFlowResult Send(TimeSpan duration)
    {
        var start = Interlocked.Read(ref _received);
        long sent = 0, lost = 0;
        var meter = ResourceMeter.Start();
        var end = Stopwatch.GetTimestamp() + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        while (Stopwatch.GetTimestamp() < end)
        {
            var onTheWay = sent - lost - (Interlocked.Read(ref _received) - start);
            if (onTheWay >= _window)
            {
                // Half the window must have come through, or nothing has for a while: what is missing then is lost.
                var wakeAt = start + sent - lost - (_window / 2);
                Interlocked.Exchange(ref _wakeAt, wakeAt);
                if (Interlocked.Read(ref _received) < wakeAt && !_progress.WaitOne(Patience))
                {
                    lost = sent - (Interlocked.Read(ref _received) - start);
                }

                continue;
            }

            BinaryPrimitives.WriteUInt16BigEndian(_packet.AsSpan(2), ++_sequenceNumber);
            BinaryPrimitives.WriteUInt32BigEndian(_packet.AsSpan(4), _timestamp += TicksPerPacket);
            _sender.SendRtp(_packet.AsSpan(0, _length));
            sent++;
        }

        var (elapsed, cpu, allocated) = (meter.Elapsed, meter.Cpu, meter.AllocatedBytes);

        // Let what is on its way arrive.
        for (var last = -1L; Interlocked.Read(ref _received) != last && last - start < sent;)
        {
            last = Interlocked.Read(ref _received);
            _progress.WaitOne(Patience);
        }

        return new RtpFlowResult(sent, Interlocked.Read(ref _received) - start, elapsed, cpu, allocated);
    }

    private void OnReceived()
    {
        if (Interlocked.Increment(ref _received) == Interlocked.Read(ref _wakeAt))
        {
            _progress.Set();
        }
    }
}
