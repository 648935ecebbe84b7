using WebRtcCore.Media;

namespace WebRtcCore;

/// <summary>Handles 10 ms of decoded sound.</summary>
/// <param name="receiver">The receiver it came to.</param>
/// <param name="samples">Channels side by side, <em>lent</em>: valid until the handler returns.</param>
/// <param name="format">Rate and channels.</param>
/// <remarks>
/// Called on the thread pool, one call at a time, on average every 10 ms: it should take less. What is missed is not made up for later. An exception is logged and does
/// no other harm.
/// </remarks>
public delegate void AudioFrameHandler(RtpReceiver receiver, ReadOnlySpan<short> samples, AudioFormat format);
