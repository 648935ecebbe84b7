using WebRtcCore.LoadTest.Measuring;

namespace WebRtcCore.LoadTest;

/// <summary>One measurement.</summary>
internal interface IVerb
{
    /// <summary>The word on the command line, and the <c>name</c> in the result.</summary>
    string Name { get; }

    /// <summary>What it measures, in one sentence.</summary>
    string Summary { get; }

    /// <summary>The options that it takes.</summary>
    IReadOnlyList<VerbOption> Options { get; }

    /// <summary>The options that it takes which are text.</summary>
    IReadOnlyList<VerbTextOption> TextOptions => [];

    /// <summary>Warms up, measures, cleans up.</summary>
    Task<JsonLine> RunAsync(VerbArguments arguments);
}
