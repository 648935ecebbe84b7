namespace WebRtcCore.Interop.Tests.Harness;

/// <summary>Which side makes the first offer of a test.</summary>
internal enum Offerer
{
    Browser,
    DotNet,
}
