using System.Net;
using System.Net.NetworkInformation;

namespace WebRtcCore.Transport;

/// <summary>The name servers that the system uses: <c>/etc/resolv.conf</c> where there is one, those of the interfaces elsewhere.</summary>
internal static class NameServers
{
    /// <summary>No more than this are asked.</summary>
    public const int MaxServers = 3;

    private const int Port = 53;

    /// <summary>The servers in the system's order; none if it does not tell.</summary>
    public static IReadOnlyList<IPEndPoint> Find()
    {
        try
        {
            return
            [
                .. NetworkInterface.GetAllNetworkInterfaces()
                    .Where(static network => network.OperationalStatus == OperationalStatus.Up || network.NetworkInterfaceType == NetworkInterfaceType.Loopback)
                    .SelectMany(static network => network.GetIPProperties().DnsAddresses)
                    .Where(static address => !address.IsIPv6SiteLocal)
                    .Distinct()
                    .Take(MaxServers)
                    .Select(static address => new IPEndPoint(address, Port)),
            ];
        }
        catch (NetworkInformationException)
        {
            return [];
        }
    }
}
