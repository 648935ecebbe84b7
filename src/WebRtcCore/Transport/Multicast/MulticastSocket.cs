using System.Net;
using System.Net.Sockets;
using WebRtcCore.Diagnostics;
using WebRtcCore.Dns;
using WebRtcCore.Primitives;

namespace WebRtcCore.Transport.Multicast;

/// <summary>
/// One socket for multicast DNS in one address family, a member of the group on the interfaces that are in use. It shares the port with whatever else
/// on this machine speaks multicast DNS; where that is not possible it has a port of its own, which is enough to ask but not to answer.
/// </summary>
internal sealed class MulticastSocket : IDisposable
{
    // RFC 6762 11: an older rule of the group that some still check.
    private const int TimeToLive = 255;
    private const int MaxErrorsInARow = 16;
    private static readonly TimeSpan ErrorPause = TimeSpan.FromMilliseconds(100);
    private readonly Socket _socket;
    private readonly bool _isIPv6;
    private readonly TimeProvider _timeProvider;
    private readonly Dictionary<int, MulticastLink> _links = [];
    private int _isDisposed;

    private MulticastSocket(Socket socket, bool isIPv6, bool canAnswer, TimeProvider timeProvider)
    {
        _socket = socket;
        _isIPv6 = isIPv6;
        _timeProvider = timeProvider;
        CanAnswer = canAnswer;
    }

    /// <summary>Whether it has the port of multicast DNS.</summary>
    public bool CanAnswer { get; }

    private SocketOptionLevel Level => _isIPv6 ? SocketOptionLevel.IPv6 : SocketOptionLevel.IP;

    /// <summary>Opens a socket, or answers <see langword="null"/> where the system has none of the family.</summary>
    public static MulticastSocket? TryOpen(bool isIPv6, TimeProvider timeProvider) =>
        TryBind(isIPv6, MulticastDns.Port, timeProvider) ?? TryBind(isIPv6, 0, timeProvider);

    /// <summary>Begins to receive. The sink is told the link of each datagram and its sender.</summary>
    public void Start(IDatagramSink sink) => _ = Task.Run(() => ReceiveAsync(sink));

    /// <summary>Sees to it that the group is heard on a link. Called one at a time.</summary>
    public bool TryJoin(MulticastLink link)
    {
        lock (_links)
        {
            if (_links.ContainsKey(link.InterfaceIndex))
            {
                return true;
            }
        }

        try
        {
            var group = MulticastDns.GroupOf(link.Local).ToIPAddress();
            if (_isIPv6)
            {
                _socket.SetSocketOption(Level, SocketOptionName.AddMembership, new IPv6MulticastOption(group, link.InterfaceIndex));
            }
            else
            {
                _socket.SetSocketOption(Level, SocketOptionName.AddMembership, new MulticastOption(group, link.InterfaceIndex));
            }
        }
        catch (SocketException)
        {
            // The interface has just gone, or knows no multicast.
            return false;
        }

        lock (_links)
        {
            _links[link.InterfaceIndex] = link;
        }

        return true;
    }

    /// <summary>Sends one datagram on the link of its path. Called one at a time.</summary>
    public void Send(ReadOnlySpan<byte> datagram, in NetworkPath path)
    {
        var index = 0;
        lock (_links)
        {
            foreach (var link in _links.Values)
            {
                index = link.Local == path.Local ? link.InterfaceIndex : index;
            }
        }

        try
        {
            // IPv4 wants the number in network order, to tell it from an address.
            _socket.SetSocketOption(Level, SocketOptionName.MulticastInterface, _isIPv6 ? index : IPAddress.HostToNetworkOrder(index));
            _socket.SendTo(datagram, path.Remote.ToIPEndPoint());
        }
        catch (SocketException)
        {
            // As if it were lost on the way: whoever asks will ask again.
            RtcMeter.Dropped(DropReason.SendFailed);
        }
        catch (ObjectDisposedException)
        {
            // Closed meanwhile; there is nobody to answer for.
            RtcMeter.Dropped(DropReason.SendFailed);
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            _socket.Dispose();
        }
    }

    private static MulticastSocket? TryBind(bool isIPv6, int port, TimeProvider timeProvider)
    {
        Socket? socket = null;
        try
        {
            socket = new Socket(isIPv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            var level = isIPv6 ? SocketOptionLevel.IPv6 : SocketOptionLevel.IP;
            if (isIPv6)
            {
                socket.DualMode = false;
            }

            if (port != 0)
            {
                socket.ExclusiveAddressUse = false;
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            }

            socket.SetSocketOption(level, SocketOptionName.PacketInformation, true);
            socket.SetSocketOption(level, SocketOptionName.MulticastTimeToLive, TimeToLive);
            socket.SetSocketOption(level, SocketOptionName.MulticastLoopback, true);
            socket.Bind(new IPEndPoint(isIPv6 ? IPAddress.IPv6Any : IPAddress.Any, port));
            return new MulticastSocket(socket, isIPv6, canAnswer: port != 0, timeProvider);
        }
        catch (SocketException)
        {
            socket?.Dispose();
            return null;
        }
    }

    private async Task ReceiveAsync(IDatagramSink sink)
    {
        var buffer = new byte[MulticastDns.MaxReceiveLength];
        EndPoint any = new IPEndPoint(_isIPv6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
        for (var errors = 0; Volatile.Read(ref _isDisposed) == 0;)
        {
            try
            {
                var received = await _socket.ReceiveMessageFromAsync(buffer.AsMemory(), SocketFlags.None, any).ConfigureAwait(false);
                errors = 0;
                Deliver(sink, buffer.AsSpan(0, received.ReceivedBytes), received);
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException) when (Volatile.Read(ref _isDisposed) != 0)
            {
                return;
            }
            catch (SocketException)
            {
                if (++errors >= MaxErrorsInARow)
                {
                    await Task.Delay(ErrorPause, _timeProvider).ConfigureAwait(false);
                }
            }
        }
    }

    private void Deliver(IDatagramSink sink, Span<byte> datagram, in SocketReceiveMessageFromResult received)
    {
        MulticastLink? link;
        lock (_links)
        {
            _links.TryGetValue(received.PacketInformation.Interface, out link);
        }

        // RFC 6762 11: what comes from beyond the link is ignored. The group's address does not get there, while the port could be reached from anywhere;
        // a port of one's own is told to those only who were asked.
        if (link is not null && (!CanAnswer || MulticastDns.GroupOf(link.Local).HasSameAddress(WithScope(received.PacketInformation.Address, link))))
        {
            sink.OnDatagram(datagram, new NetworkPath(link.Local, TransportAddress.From((IPEndPoint)received.RemoteEndPoint)));
        }
    }

    private static TransportAddress WithScope(IPAddress address, MulticastLink link)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        return TransportAddress.FromBytes(bytes[..length], 0, link.Local.ScopeId);
    }
}
