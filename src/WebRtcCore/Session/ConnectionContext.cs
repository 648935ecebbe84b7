using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using WebRtcCore.Primitives;

namespace WebRtcCore.Session;

/// <summary>What the parts of one connection share.</summary>
internal sealed class ConnectionContext
{
    public ConnectionContext(PeerConnectionOptions options)
    {
        Options = options;
        LoggerFactory = options.LoggerFactory ?? NullLoggerFactory.Instance;
        Logger = LoggerFactory.CreateLogger("WebRtcCore");
        Dispatcher = new ApiDispatcher(options.SynchronizationContext, Logger);
    }

    public PeerConnectionOptions Options { get; }

    public ILoggerFactory LoggerFactory { get; }

    public ILogger Logger { get; }

    /// <summary>Where events are raised.</summary>
    public ApiDispatcher Dispatcher { get; }

    /// <summary>Guards the public state, which any thread may read and call into. Never held across an await or a user's handler.</summary>
    public Lock Gate { get; } = new();

    public IRandomSource Random { get; } = SystemRandomSource.Instance;
}
