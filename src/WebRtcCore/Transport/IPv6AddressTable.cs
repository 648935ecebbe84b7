using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace WebRtcCore.Transport;

/// <summary>What the system says of its IPv6 addresses. .NET tells it on Windows only; on Linux it is read from <c>/proc</c>, elsewhere it is not known.</summary>
internal sealed class IPv6AddressTable
{
    private const string LinuxTable = "/proc/net/if_inet6";

    // linux/if_addr.h; with a global scope "secondary" means temporary.
    private const int Temporary = 0x01;
    private const int DuplicateFound = 0x08;
    private const int Deprecated = 0x20;
    private const int Tentative = 0x40;

    private readonly Dictionary<IPAddress, IPv6AddressTraits> _traits = [];

    private IPv6AddressTable()
    {
    }

    /// <summary>Reads the table of the system.</summary>
    public static IPv6AddressTable Read()
    {
        try
        {
            return Parse(OperatingSystem.IsLinux() && File.Exists(LinuxTable) ? File.ReadAllLines(LinuxTable) : []);
        }
        catch (IOException)
        {
            // A container without that file system: nothing is known then.
            return Parse([]);
        }
    }

    /// <summary>Parses lines of the Linux table: address, interface index, prefix length, scope and flags in hexadecimal, and the interface's name.</summary>
    public static IPv6AddressTable Parse(IReadOnlyList<string> lines)
    {
        var table = new IPv6AddressTable();
        foreach (var line in lines)
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length >= 5 && fields[0].Length == 32 && int.TryParse(fields[4], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var flags))
            {
                table._traits[new IPAddress(Convert.FromHexString(fields[0]))] = TraitsOf(flags);
            }
        }

        return table;
    }

    /// <summary>The traits of an address of the machine.</summary>
    public IPv6AddressTraits GetTraits(UnicastIPAddressInformation information)
    {
        if (information.Address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return IPv6AddressTraits.None;
        }

        if (OperatingSystem.IsWindows())
        {
            var isTemporary = information.SuffixOrigin == SuffixOrigin.Random && information.PrefixOrigin == PrefixOrigin.RouterAdvertisement;
            return (isTemporary ? IPv6AddressTraits.Temporary : IPv6AddressTraits.None) | information.DuplicateAddressDetectionState switch
            {
                DuplicateAddressDetectionState.Preferred => IPv6AddressTraits.None,
                DuplicateAddressDetectionState.Deprecated => IPv6AddressTraits.Deprecated,
                _ => IPv6AddressTraits.Unusable,
            };
        }

        return GetTraits(information.Address);
    }

    /// <summary>The traits of an address, whatever its scope id.</summary>
    public IPv6AddressTraits GetTraits(IPAddress address) => _traits.GetValueOrDefault(new IPAddress(address.GetAddressBytes()));

    private static IPv6AddressTraits TraitsOf(int flags) =>
        ((flags & Temporary) != 0 ? IPv6AddressTraits.Temporary : IPv6AddressTraits.None)
        | ((flags & Deprecated) != 0 ? IPv6AddressTraits.Deprecated : IPv6AddressTraits.None)
        | ((flags & (DuplicateFound | Tentative)) != 0 ? IPv6AddressTraits.Unusable : IPv6AddressTraits.None);
}
