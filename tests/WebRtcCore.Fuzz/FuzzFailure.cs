namespace WebRtcCore.Fuzz;

/// <summary>An input that made a target fail.</summary>
/// <param name="Input">The input.</param>
/// <param name="Exception">What it threw.</param>
public sealed record FuzzFailure(byte[] Input, Exception Exception);
