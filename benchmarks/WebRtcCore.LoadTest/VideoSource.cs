using System.Buffers.Binary;
using System.Diagnostics;
using WebRtcCore.Rtp;

namespace WebRtcCore.LoadTest;

/// <summary>Sends RTP packets at the rate of a video: the packets of a picture together, 30 pictures a second.</summary>
internal sealed class VideoSource
{
    private const int PicturesPerSecond = 30;
    private const int ClockRate = 90_000;

    private readonly RtpSender _sender;
    private readonly int _packetsPerPicture;
    private readonly byte[] _packet = new byte[1500];
    private readonly int _length;
    private ushort _sequenceNumber;
    private uint _timestamp;
    private volatile bool _isStopping;

    /// <param name="sender">What sends.</param>
    /// <param name="bitrateBps">Bits of payload a second.</param>
    public VideoSource(RtpSender sender, int bitrateBps)
    {
        const int MaxPayload = 1100;
        _sender = sender;
        var bytesPerPicture = bitrateBps / 8 / PicturesPerSecond;
        _packetsPerPicture = Math.Max(1, (bytesPerPicture + MaxPayload - 1) / MaxPayload);
        var writer = new RtpPacketWriter(_packet, new Ssrc(1), new PayloadType((byte)sender.GetParameters().Codecs[0].PayloadType), 0, 0);
        if (!writer.TryAddPayload(new byte[Math.Max(1, bytesPerPicture / _packetsPerPicture)]))
        {
            throw new InvalidOperationException("The payload does not fit.");
        }

        _length = writer.Complete();
    }

    /// <summary>Sends until <see cref="Stop"/>, on a thread of its own. A picture that is late is not made up for: the figure is of a steady rate.</summary>
    public Thread Start()
    {
        var thread = new Thread(Run) { IsBackground = true, Name = "video" };
        thread.Start();
        return thread;
    }

    public void Stop() => _isStopping = true;

    private void Run()
    {
        var interval = TimeSpan.FromSeconds(1.0 / PicturesPerSecond);
        var watch = Stopwatch.StartNew();
        for (var next = interval; !_isStopping; next += interval)
        {
            _timestamp += ClockRate / PicturesPerSecond;
            for (var i = 0; i < _packetsPerPicture; i++)
            {
                BinaryPrimitives.WriteUInt16BigEndian(_packet.AsSpan(2), ++_sequenceNumber);
                BinaryPrimitives.WriteUInt32BigEndian(_packet.AsSpan(4), _timestamp);
                _sender.SendRtp(_packet.AsSpan(0, _length));
            }

            if (next - watch.Elapsed is var wait && wait > TimeSpan.Zero)
            {
                Thread.Sleep(wait);
            }
            else
            {
                next = watch.Elapsed;
            }
        }
    }
}
