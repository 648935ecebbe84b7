namespace WebRtcCore.Media.AccessUnits;

/// <summary>The NAL units of one picture.</summary>
/// <param name="Data">Them with their start codes, the receiver's own.</param>
/// <param name="IsKeyFrame">Whether a decoder can begin with it.</param>
public readonly record struct AccessUnit(ReadOnlyMemory<byte> Data, bool IsKeyFrame);
