namespace WebRtcCore.LoadTest;

/// <summary>An option of a verb: a whole number.</summary>
/// <param name="Name">Without the hyphens.</param>
/// <param name="Default">Where it is not given.</param>
/// <param name="Minimum">The least value.</param>
/// <param name="Maximum">The greatest value.</param>
/// <param name="Summary">For the help.</param>
internal sealed record VerbOption(string Name, int Default, int Minimum, int Maximum, string Summary);
