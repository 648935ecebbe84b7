using WebRtcCore.Primitives;

namespace WebRtcCore.Transport;

/// <summary>A connection with a TURN server: a <see cref="StreamEndpoint"/>, or a <see cref="DtlsServerEndpoint"/>.</summary>
internal interface IServerEndpoint : IAsyncDisposable
{
    /// <summary>The two ends.</summary>
    NetworkPath Path { get; }

    /// <summary>Begins to receive into <paramref name="sink"/>; <paramref name="onClosed"/> is called once, when the connection ends by itself. Called once.</summary>
    void Start(IDatagramSink sink, Action onClosed);

    /// <summary>Sends whole messages side by side, each of <paramref name="messageSize"/> bytes but the last; <see langword="false"/> if some were dropped.</summary>
    bool Send(ReadOnlySpan<byte> messages, int messageSize);
}
