namespace WebRtcCore.LoadTest.OnePort;

/// <summary>Waiting for all candidates.</summary>
internal static class Gathering
{
    /// <summary>Completes when the connection has all its candidates; call it before gathering begins.</summary>
    public static Task Complete(PeerConnection connection)
    {
        var complete = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.IceGatheringStateChange += (_, _) =>
        {
            if (connection.IceGatheringState == IceGatheringState.Complete)
            {
                complete.TrySetResult();
            }
        };
        return complete.Task;
    }
}
