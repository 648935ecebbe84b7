namespace WebRtcCore.Fuzz.Cores;

/// <summary>Two cores set up against one another for one input.</summary>
/// <param name="Duel">What is played.</param>
/// <param name="HasReachedGoal">Whether the two have met: connected, established, open.</param>
/// <param name="Check">Looks at what must hold at the end.</param>
/// <param name="End">Releases the cores.</param>
internal sealed record Match(Duel Duel, Func<bool> HasReachedGoal, Action Check, Action End);
