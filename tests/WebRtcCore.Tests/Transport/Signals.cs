namespace WebRtcCore.Tests.Transport;

/// <summary>Awaiting things that must happen soon: the limit is for failures only.</summary>
internal static class Signals
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static Task Soon(this Task task) => task.WaitAsync(Limit);

    public static Task<T> Soon<T>(this Task<T> task) => task.WaitAsync(Limit);
}
