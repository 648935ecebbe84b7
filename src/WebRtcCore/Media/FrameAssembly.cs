using WebRtcCore.Rtp;
using WebRtcCore.Rtp.Payloads;

namespace WebRtcCore;

/// <summary>Makes the frames of one receiver out of its packets: an assembler for each stream, as long as someone reads. Belongs to the loop.</summary>
internal sealed class FrameAssembly(FrameReader reader)
{
    // Simulcast has three streams; the others are left from streams that began anew.
    private const int MaxStreams = 8;

    private readonly Dictionary<Ssrc, RtpFrameAssembler> _assemblers = [];
    private IReadOnlyList<RtpCodecParameters> _codecs = [];

    /// <summary>Takes in a packet, and hands the frames that it completes to the reader.</summary>
    public void Add(IReadOnlyList<RtpCodecParameters> codecs, in RtpReceived received)
    {
        if (!reader.HasReader)
        {
            _assemblers.Clear();
            return;
        }

        if (!ReferenceEquals(codecs, _codecs))
        {
            _codecs = codecs;
            foreach (var known in _assemblers.Values)
            {
                SetFormats(known);
            }
        }

        if (!_assemblers.TryGetValue(received.Stream.Ssrc, out var assembler))
        {
            if (_assemblers.Count == MaxStreams)
            {
                _assemblers.Clear();
            }

            assembler = new RtpFrameAssembler();
            SetFormats(assembler);
            _assemblers.Add(received.Stream.Ssrc, assembler);
        }

        assembler.Add(received.Packet, received.ExtendedSequenceNumber);
        while (assembler.TryTakeFrame(out var frame))
        {
            reader.Add(ToFrame(frame!, received.Stream.Rid));
        }
    }

    private void SetFormats(RtpFrameAssembler assembler)
    {
        foreach (var codec in _codecs)
        {
            assembler.TryAddFormat(new PayloadType((byte)codec.PayloadType), codec.MimeType, codec.ClockRate);
        }
    }

    private EncodedFrame ToFrame(RtpAssembledFrame frame, string? rid) => new(frame.Data, frame.TimestampTicks)
    {
        IsKeyFrame = frame.IsKeyFrame,
        PayloadType = frame.PayloadType.Value,
        Codec = _codecs.FirstOrDefault(codec => codec.PayloadType == frame.PayloadType.Value),
        Rid = rid,
    };
}
