using Microsoft.Win32.SafeHandles;

namespace WebRtcCore.Media.Opus;

/// <summary>A decoder of libopus.</summary>
internal sealed class OpusDecoderHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public OpusDecoderHandle(nint decoder)
        : base(ownsHandle: true) => SetHandle(decoder);

    protected override bool ReleaseHandle()
    {
        OpusLibrary.DecoderDestroy(handle);
        return true;
    }
}
