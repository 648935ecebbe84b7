using Microsoft.Win32.SafeHandles;

namespace WebRtcCore.Media.Opus;

/// <summary>An encoder of libopus.</summary>
internal sealed class OpusEncoderHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public OpusEncoderHandle(nint encoder)
        : base(ownsHandle: true) => SetHandle(encoder);

    protected override bool ReleaseHandle()
    {
        OpusLibrary.EncoderDestroy(handle);
        return true;
    }
}
