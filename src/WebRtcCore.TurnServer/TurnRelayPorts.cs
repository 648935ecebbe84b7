using System.Net;
using Microsoft.Extensions.Logging;
using WebRtcCore.Primitives;
using WebRtcCore.Stun;
using WebRtcCore.Transport;

namespace WebRtcCore;

/// <summary>The sockets of relayed addresses. Used on the loop only, but for <see cref="DisposeAsync"/>.</summary>
internal sealed class TurnRelayPorts(TurnServerOptions options, IReadOnlyList<TransportAddress> addresses, ILogger logger) : ITurnRelayPorts, IAsyncDisposable
{
    // A port at random is free nearly always; when few are left, some attempts miss.
    private const int Attempts = 64;

    // By the address that clients and peers know.
    private readonly Dictionary<TransportAddress, UdpEndpoint> _byPublic = [];
    private readonly Dictionary<TransportAddress, TransportAddress> _toPublic = [];
    private readonly List<Task> _closing = [];
    private readonly SystemRandomSource _random = SystemRandomSource.Instance;
    private DatagramReceiver? _receiver;

    /// <summary>Says who receives what peers send.</summary>
    public void Attach(DatagramReceiver receiver) => _receiver = receiver;

    public UdpEndpoint? Find(in TransportAddress publicAddress) => _byPublic.GetValueOrDefault(publicAddress);

    public TransportAddress ToPublic(in TransportAddress local) => _toPublic.GetValueOrDefault(local);

    public TurnPortResult TryOpen(TurnAddressFamily family, TurnPortParity parity, out TransportAddress address)
    {
        address = default;
        var candidates = addresses.Where(a => a.IsIPv4 == (family == TurnAddressFamily.IPv4)).ToArray();
        if (candidates.Length == 0)
        {
            return TurnPortResult.NoSuchFamily;
        }

        var ports = (uint)(options.MaxRelayPort - options.MinRelayPort + 1);
        for (var i = 0; i < Attempts; i++)
        {
            // RFC 8656 7.2: at random, so that nobody can guess it.
            var port = options.MinRelayPort + (int)(_random.NextUInt32() % ports);
            if (parity == TurnPortParity.Even)
            {
                port &= ~1;
            }

            if (port >= options.MinRelayPort && TryBind(candidates[i % candidates.Length].WithPort(port), out address))
            {
                return TurnPortResult.Opened;
            }
        }

        return TurnPortResult.NoPortLeft;
    }

    public bool TryOpen(TransportAddress address) =>
        address.Port <= options.MaxRelayPort && addresses.Where(a => ToPublicIp(a).HasSameAddress(address)).Any(a => TryBind(a.WithPort(address.Port), out _));

    public void Close(TransportAddress address)
    {
        if (_byPublic.Remove(address, out var endpoint))
        {
            _toPublic.Remove(endpoint.LocalAddress);

            // The socket's receive loop may be the one that runs this: nobody waits for it here.
            _closing.RemoveAll(task => task.IsCompleted);
            _closing.Add(_receiver!.CloseAsync(endpoint).AsTask());
        }
    }

    /// <summary>Waits until every socket is closed; the loop has stopped.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var address in _byPublic.Keys.ToArray())
        {
            Close(address);
        }

        await Task.WhenAll(_closing).ConfigureAwait(false);
    }

    private bool TryBind(TransportAddress local, out TransportAddress address)
    {
        address = default;
        if (_toPublic.ContainsKey(local) || UdpEndpoint.TryBind(local, TurnServerLoop.RelayEndpointOptions, options.TimeProvider, logger) is not { } endpoint)
        {
            return false;
        }

        address = ToPublicIp(local).WithPort(local.Port);
        _byPublic.Add(address, endpoint);
        _toPublic.Add(local, address);
        _receiver!.Start(endpoint);
        return true;
    }

    private TransportAddress ToPublicIp(TransportAddress local) =>
        options.PublicAddresses.TryGetValue(local.ToIPAddress(), out IPAddress? outside) ? TransportAddress.From(outside, local.Port) : local;
}
