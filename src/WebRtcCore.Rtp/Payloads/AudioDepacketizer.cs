using System.Buffers;

namespace WebRtcCore.Rtp.Payloads;

/// <summary>The counterpart of <see cref="AudioPacketizer"/>.</summary>
internal sealed class AudioDepacketizer : IRtpDepacketizer
{
    public bool IsOnePacketPerFrame => true;

    public bool IsFrameStart(ReadOnlySpan<byte> payload) => true;

    public void Begin()
    {
    }

    public bool TryAppend(ReadOnlySpan<byte> payload, IBufferWriter<byte> frame)
    {
        frame.Write(payload);
        return true;
    }

    public bool TryComplete(out bool isKeyFrame)
    {
        isKeyFrame = true;
        return true;
    }
}
