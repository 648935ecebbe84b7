using Calls;

namespace EchoPeer;

/// <summary>A call whose peer hears, sees and reads itself.</summary>
internal sealed class EchoCall : PeerCall
{
    public EchoCall(int number, CallOptions options, ILoggerFactory loggerFactory)
        : base(number, options, loggerFactory) => Echo.Attach(Connection, loggerFactory.CreateLogger<Echo>());
}
