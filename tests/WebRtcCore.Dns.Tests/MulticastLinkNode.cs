using WebRtcCore.Primitives;

namespace WebRtcCore.Dns.Tests;

/// <summary>A machine on a link: a resolver and a responder behind one address.</summary>
internal sealed class MulticastLinkNode(string address)
{
    private readonly byte[] _buffer = new byte[MulticastDns.MaxMessageLength];

    public TransportAddress Link { get; } = TransportAddress.Parse(address, MulticastDns.Port);

    public MulticastNameResolver Resolver { get; } = new();

    public MulticastNameResponder Responder { get; } = new();

    /// <summary>What is to be sent now.</summary>
    public List<(byte[] Datagram, NetworkPath Path)> Poll()
    {
        var sent = new List<(byte[] Datagram, NetworkPath Path)>();
        while (Resolver.TryPollTransmit(_buffer, out var transmit) || Responder.TryPollTransmit(_buffer, out transmit))
        {
            sent.Add((_buffer[..transmit.Length], transmit.Path!.Value));
        }

        return sent;
    }

    public void Hear(byte[] datagram, TransportAddress from, Instant now)
    {
        var path = new NetworkPath(Link, from);
        Resolver.HandleDatagram(datagram, path);
        Responder.HandleDatagram(datagram, path, now);
    }

    public List<MulticastNameResult> Results()
    {
        var results = new List<MulticastNameResult>();
        while (Resolver.TryPollResult(out var result))
        {
            results.Add(result);
        }

        return results;
    }

    /// <summary>Lets everybody hear everything (the sender too, as a real group does) until nobody has more to say. Returns how much was said.</summary>
    public static int Exchange(Instant now, params MulticastLinkNode[] nodes)
    {
        var said = 0;
        for (var more = true; more;)
        {
            more = false;
            foreach (var node in nodes)
            {
                foreach (var (datagram, path) in node.Poll())
                {
                    more = true;
                    said++;
                    foreach (var listener in nodes.Where(n => path.Remote == MulticastDns.GroupOf(n.Link) || path.Remote == n.Link))
                    {
                        listener.Hear(datagram, path.Local, now);
                    }
                }
            }
        }

        return said;
    }
}
