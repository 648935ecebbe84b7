using WebRtcCore.Media;
using WebRtcCore.Testing;

namespace WebRtcCore.Interop.Tests.Harness;

/// <summary>Writes a tone to a track, as steadily as the clock, until it is disposed of.</summary>
internal sealed class Voice : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(10);

    private readonly PeriodicTimer _timer = new(Period);
    private readonly Task _speaking;

    public Voice(double frequencyHz)
    {
        _speaking = SpeakAsync(new Tone(48_000, frequencyHz));
    }

    public MediaStreamTrack Track { get; } = new(MediaKind.Audio);

    public async ValueTask DisposeAsync()
    {
        _timer.Dispose();
        await _speaking;
    }

    private async Task SpeakAsync(Tone tone)
    {
        long start = TimeProvider.System.GetTimestamp();
        long written = 0;
        while (await _timer.WaitForNextTickAsync())
        {
            // A timer that is late is made up for.
            for (long due = (long)(TimeProvider.System.GetElapsedTime(start) / Period) - written; due > 0; due--, written++)
            {
                Track.WriteAudio(tone.Next(480), AudioFormat.Mono48Khz);
            }
        }
    }
}
