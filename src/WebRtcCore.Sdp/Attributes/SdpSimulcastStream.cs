namespace WebRtcCore.Sdp;

/// <summary>One rid in <c>a=simulcast</c>.</summary>
/// <param name="Rid">The rid.</param>
/// <param name="IsPaused">Whether it is initially paused, written with a tilde.</param>
public readonly record struct SdpSimulcastStream(string Rid, bool IsPaused = false);
