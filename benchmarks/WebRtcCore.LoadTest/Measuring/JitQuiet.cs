using System.Runtime;

namespace WebRtcCore.LoadTest.Measuring;

/// <summary>The runtime compiles for a while what setting up has used much; that is not what idle connections cost.</summary>
internal static class JitQuiet
{
    /// <summary>Waits until next to nothing is compiled any more, but no longer than the given seconds.</summary>
    public static async Task WaitAsync(int mostSeconds)
    {
        var quiet = 0;
        for (var (seconds, compiled) = (0, -1L); seconds < mostSeconds && quiet < 3; seconds++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1));
            var now = JitInfo.GetCompiledMethodCount();
            quiet = now - compiled < 3 ? quiet + 1 : 0;
            compiled = now;
        }
    }
}
