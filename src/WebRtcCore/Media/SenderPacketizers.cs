using WebRtcCore.Rtp.Payloads;

namespace WebRtcCore;

/// <summary>The packetizer of a sender: a new one when the codec changes, because numbers that run through a stream are the codec's. Belongs to the loop.</summary>
internal sealed class SenderPacketizers
{
    private RtpCodecParameters? _codec;
    private IRtpPacketizer _packetizer = null!;

    /// <summary>The packetizer for a codec that is supported.</summary>
    public IRtpPacketizer Get(RtpCodecParameters codec)
    {
        if (!ReferenceEquals(codec, _codec))
        {
            if (_codec is null || !codec.MimeType.Equals(_codec.MimeType, StringComparison.OrdinalIgnoreCase) || codec.SdpFmtpLine != _codec.SdpFmtpLine)
            {
                _packetizer = RtpPayloadFormats.CreatePacketizer(codec.MimeType, codec.SdpFmtpLine);
            }

            _codec = codec;
        }

        return _packetizer;
    }
}
