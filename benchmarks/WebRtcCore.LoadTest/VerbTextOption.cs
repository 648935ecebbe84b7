namespace WebRtcCore.LoadTest;

/// <summary>An option of a verb that takes text; not given unless asked for.</summary>
/// <param name="Name">Without the hyphens.</param>
/// <param name="Value">What stands for the value in the help.</param>
/// <param name="Summary">For the help.</param>
internal sealed record VerbTextOption(string Name, string Value, string Summary);
