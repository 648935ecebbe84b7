using System.Net.Sockets;
using WebRtcCore.Primitives;

namespace WebRtcCore.Transport;

/// <summary>
/// Whether the datagrams of a socket may be cut into fragments on their way. By default the platform decides: Linux forbids it and cuts by itself once a router has
/// said that it must, others allow it to routers. Probes and what is known to be too large need it otherwise, for one call: they are rare.
/// </summary>
internal sealed class FragmentationSwitch(Socket socket, bool isIPv6)
{
    // Linux: IP_MTU_DISCOVER and IPV6_MTU_DISCOVER with their values for "may be cut" and "must not, whatever is known of the path"; IPV6_MTU.
    private const int LevelIPv4 = 0;
    private const int LevelIPv6 = 41;
    private const int MtuDiscoverIPv4 = 10;
    private const int MtuDiscoverIPv6 = 23;
    private const int FragmentSizeIPv6 = 24;
    private const int MayBeCut = 0;
    private const int MustNotBeCut = 3;

    // RFC 8200 5: every IPv6 link carries this.
    private const int LeastMtuIPv6 = 1280;

    private int? _default;

    /// <summary>Sets the socket up for one datagram.</summary>
    /// <returns>Whether the platform can do it.</returns>
    public bool TryEnter(TransmitKind kind)
    {
        try
        {
            if (OperatingSystem.IsLinux())
            {
                _default ??= GetOption(isIPv6 ? MtuDiscoverIPv6 : MtuDiscoverIPv4);
                if (kind == TransmitKind.Probe)
                {
                    SetOption(isIPv6 ? MtuDiscoverIPv6 : MtuDiscoverIPv4, MustNotBeCut);
                }
                else if (isIPv6)
                {
                    // With IPv6 only the sender cuts, and it must be told to.
                    SetOption(FragmentSizeIPv6, LeastMtuIPv6);
                }
                else
                {
                    SetOption(MtuDiscoverIPv4, MayBeCut);
                }
            }
            else if (!isIPv6)
            {
                _default ??= socket.DontFragment ? 1 : 0;
                socket.DontFragment = kind == TransmitKind.Probe;
            }

            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Takes it back.</summary>
    public void Leave(TransmitKind kind)
    {
        try
        {
            if (!OperatingSystem.IsLinux())
            {
                if (!isIPv6 && _default is { } dontFragment)
                {
                    socket.DontFragment = dontFragment != 0;
                }
            }
            else if (isIPv6 && kind == TransmitKind.MayFragment)
            {
                SetOption(FragmentSizeIPv6, 0);
            }
            else
            {
                SetOption(isIPv6 ? MtuDiscoverIPv6 : MtuDiscoverIPv4, _default ?? 1);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // What could be set a moment ago can be set back, unless the socket is closed meanwhile.
        }
    }

    private int GetOption(int option)
    {
        Span<byte> value = stackalloc byte[sizeof(int)];
        socket.GetRawSocketOption(isIPv6 ? LevelIPv6 : LevelIPv4, option, value);
        return BitConverter.ToInt32(value);
    }

    private void SetOption(int option, int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BitConverter.TryWriteBytes(bytes, value);
        socket.SetRawSocketOption(isIPv6 ? LevelIPv6 : LevelIPv4, option, bytes);
    }
}
