namespace WebRtcCore.Interop.Tests.Harness;

/// <summary>Tests that move much have a short form, which every run has, and their full length where WEBRTCCORE_LONG is 1 (<c>tests/run-long.sh</c>).</summary>
internal static class LongRun
{
    /// <summary>Whether the full length is asked for.</summary>
    public static bool IsOn => Environment.GetEnvironmentVariable("WEBRTCCORE_LONG") == "1";

    /// <summary>One of the two lengths.</summary>
    public static int Choose(int shortened, int full) => IsOn ? full : shortened;
}
