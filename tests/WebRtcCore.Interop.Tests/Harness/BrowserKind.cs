namespace WebRtcCore.Interop.Tests.Harness;

/// <summary>A browser that the tests drive.</summary>
internal enum BrowserKind
{
    Chromium,
    Firefox,
}
