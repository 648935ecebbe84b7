namespace WebRtcCore.Fuzz;

/// <summary>An invariant does not hold.</summary>
public sealed class FuzzViolationException(string invariant) : Exception(invariant);
