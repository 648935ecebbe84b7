using WebRtcCore.Linux;
using WebRtcCore.Transport;

namespace WebRtcCore;

/// <summary>Receives for the sockets of a server: on Linux one thread for all of them, elsewhere each by itself.</summary>
internal sealed class DatagramReceiver : IAsyncDisposable
{
    private readonly IDatagramSink _sink;
    private readonly RelayPoller? _poller;

    public DatagramReceiver(IDatagramSink sink, int maxDatagramSize)
    {
        _sink = sink;
        _poller = LinuxDatagrams.IsSupported ? RelayPoller.TryStart(sink, maxDatagramSize) : null;
    }

    /// <summary>Begins to receive from a socket.</summary>
    public void Start(UdpEndpoint endpoint)
    {
        if (!LinuxDatagrams.IsSupported || _poller is not { } poller || !endpoint.IsSegmenting || !poller.TryAdd(endpoint))
        {
            endpoint.Start(_sink);
        }
    }

    /// <summary>Stops receiving from a socket and closes it.</summary>
    public ValueTask CloseAsync(UdpEndpoint endpoint)
    {
        if (LinuxDatagrams.IsSupported)
        {
            _poller?.Remove(endpoint);
        }

        return endpoint.DisposeAsync();
    }

    public ValueTask DisposeAsync() => LinuxDatagrams.IsSupported && _poller is { } poller ? poller.DisposeAsync() : ValueTask.CompletedTask;
}
