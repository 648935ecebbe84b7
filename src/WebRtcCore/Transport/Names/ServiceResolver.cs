using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using WebRtcCore.Dns;
using WebRtcCore.Primitives;

namespace WebRtcCore.Transport;

/// <summary>
/// Asks the system's name servers for SRV records, which .NET does not look up: over UDP with a random number from a random port, over TCP where the answer is too long.
/// </summary>
/// <param name="timeProvider">For the time limits.</param>
/// <param name="random">For numbers, and for the draw among places of one priority.</param>
/// <param name="nameServers">Whom to ask.</param>
internal sealed class ServiceResolver(TimeProvider timeProvider, IRandomSource random, Func<IReadOnlyList<IPEndPoint>> nameServers)
{
    private const int Rounds = 2;
    private const int MaxDatagramLength = 4096;
    private const int MaxStreamLength = 16_384;
    private static readonly TimeSpan AttemptLimit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(5);

    /// <summary>The places of a service in the order in which they are to be tried (RFC 2782).</summary>
    /// <param name="name">The service's name, as <c>_stun._udp.example.org</c>.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns><see langword="null"/> if there are no records, or nobody has told; empty if they say that there is no such service.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task<IReadOnlyList<DnsService>?> LookUpAsync(string name, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(TimeLimit, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var servers = nameServers();
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var server in servers)
            {
                var query = new DnsServiceQuery(name, random.NextUInt16());
                var (result, services) = await AskAsync(query, server, either.Token).ConfigureAwait(false);
                cancellationToken.ThrowIfCancellationRequested();
                switch (result)
                {
                    case DnsQueryResult.Found:
                        return DnsServiceOrder.Arrange(services, random);
                    case DnsQueryResult.NotFound:
                        return null;
                    default:
                        // The next server may know, or this one at the second try.
                        break;
                }
            }
        }

        return null;
    }

    private async Task<(DnsQueryResult Result, IReadOnlyList<DnsService> Services)> AskAsync(DnsServiceQuery query, IPEndPoint server, CancellationToken cancellationToken)
    {
        using var attempt = new CancellationTokenSource(AttemptLimit, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(attempt.Token, cancellationToken);
        try
        {
            var answer = await AskByDatagramAsync(query, server, either.Token).ConfigureAwait(false);
            return answer.Result == DnsQueryResult.Truncated ? await AskByStreamAsync(query, server, either.Token).ConfigureAwait(false) : answer;
        }
        catch (Exception exception) when (exception is SocketException or IOException or OperationCanceledException)
        {
            return (DnsQueryResult.Failed, []);
        }
    }

    private static async Task<(DnsQueryResult Result, IReadOnlyList<DnsService> Services)> AskByDatagramAsync(
        DnsServiceQuery query, IPEndPoint server, CancellationToken cancellationToken)
    {
        // A socket of its own for each question gives it a random port; connected, it hears nobody but the server.
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(server, cancellationToken).ConfigureAwait(false);
        var buffer = new byte[MaxDatagramLength];
        await socket.SendAsync(buffer.AsMemory(0, query.Write(buffer)), cancellationToken).ConfigureAwait(false);
        while (true)
        {
            var length = await socket.ReceiveAsync(buffer.AsMemory(), cancellationToken).ConfigureAwait(false);
            var result = query.Read(buffer.AsSpan(0, length), out var services);
            if (result != DnsQueryResult.NotMine)
            {
                return (result, services);
            }
        }
    }

    // RFC 1035 4.2.2: over TCP the message comes behind its length.
    private static async Task<(DnsQueryResult Result, IReadOnlyList<DnsService> Services)> AskByStreamAsync(
        DnsServiceQuery query, IPEndPoint server, CancellationToken cancellationToken)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server, cancellationToken).ConfigureAwait(false);
        await using var stream = new NetworkStream(socket);
        var buffer = new byte[MaxStreamLength];
        var queryLength = query.Write(buffer.AsSpan(sizeof(ushort)));
        BinaryPrimitives.WriteUInt16BigEndian(buffer, (ushort)queryLength);
        await stream.WriteAsync(buffer.AsMemory(0, sizeof(ushort) + queryLength), cancellationToken).ConfigureAwait(false);
        await stream.ReadExactlyAsync(buffer.AsMemory(0, sizeof(ushort)), cancellationToken).ConfigureAwait(false);
        var length = BinaryPrimitives.ReadUInt16BigEndian(buffer);
        if (length > buffer.Length)
        {
            return (DnsQueryResult.Failed, []);
        }

        await stream.ReadExactlyAsync(buffer.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
        var result = query.Read(buffer.AsSpan(0, length), out var services);
        return (result is DnsQueryResult.Found or DnsQueryResult.NotFound ? result : DnsQueryResult.Failed, services);
    }
}
