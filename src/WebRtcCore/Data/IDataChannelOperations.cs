using WebRtcCore.Primitives;

namespace WebRtcCore;

/// <summary>What a data channel asks of its connection. Every call may come from any thread; the work is done on the loop.</summary>
internal interface IDataChannelOperations
{
    /// <summary>Queues a message; <paramref name="message"/> is given.</summary>
    void Send(DataChannel channel, PooledBuffer message, bool isText);

    void Close(DataChannel channel);

    /// <summary>Tells the association that the application has taken <paramref name="bytes"/>, so that the window may open again.</summary>
    void ReleaseReceiveCredit(DataChannel channel, int bytes);

    /// <summary>Runs <paramref name="action"/> on the loop.</summary>
    void PostToLoop(Action action);

    /// <summary>Logs what a user's handler has thrown.</summary>
    void OnHandlerFailed(Exception exception);

    ApiDispatcher Dispatcher { get; }

    /// <summary>The largest message, in bytes, that the peer accepts.</summary>
    long MaxMessageSize { get; }

    PeerConnectionOptions Options { get; }
}
