using System.Diagnostics;

namespace WebRtcCore.Diagnostics;

/// <summary>The activity source <c>WebRtcCore</c>: one activity per connection setup, with an event per phase.</summary>
internal static class RtcActivity
{
    /// <summary>The name of the source.</summary>
    public const string Name = "WebRtcCore";

    private static readonly ActivitySource Source = new(Name, typeof(RtcActivity).Assembly.GetName().Version?.ToString(3));

    /// <summary>Begins the setup of a connection; <see langword="null"/> if nobody listens. The caller disposes it when the connection is up or has failed.</summary>
    public static Activity? StartSetup() => Source.StartActivity("webrtc.setup", ActivityKind.Client);

    /// <summary>Notes that a phase is complete.</summary>
    public static void Phase(this Activity? activity, string phase) => activity?.AddEvent(new ActivityEvent(phase));

    /// <summary>Ends the setup.</summary>
    public static void End(this Activity? activity, bool hasSucceeded, string? reason = null)
    {
        activity?.SetStatus(hasSucceeded ? ActivityStatusCode.Ok : ActivityStatusCode.Error, reason);
        activity?.Dispose();
    }
}
