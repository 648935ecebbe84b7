using WebRtcCore.Rtp;
using WebRtcCore.Rtp.Payloads;

namespace WebRtcCore;

/// <summary>
/// The packetizers of a sender, one for each of its streams: a new one when the codec changes, because numbers that run through a stream are the codec's. Belongs to
/// the loop.
/// </summary>
internal sealed class SenderPacketizers
{
    private readonly Dictionary<Ssrc, (RtpCodecParameters Codec, IRtpPacketizer Packetizer)> _byStream = [];

    /// <summary>The packetizer of a stream for a codec that is supported.</summary>
    public IRtpPacketizer Get(Ssrc stream, RtpCodecParameters codec)
    {
        if (!_byStream.TryGetValue(stream, out var known) || !ReferenceEquals(codec, known.Codec))
        {
            var isSame = known.Codec is { } last && codec.MimeType.Equals(last.MimeType, StringComparison.OrdinalIgnoreCase) && codec.SdpFmtpLine == last.SdpFmtpLine;
            known = (codec, isSame ? known.Packetizer : RtpPayloadFormats.CreatePacketizer(codec.MimeType, codec.SdpFmtpLine));
            _byStream[stream] = known;
        }

        return known.Packetizer;
    }
}
