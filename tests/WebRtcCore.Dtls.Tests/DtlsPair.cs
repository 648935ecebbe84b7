using WebRtcCore.Primitives;
using WebRtcCore.Testing;

namespace WebRtcCore.Dtls.Tests;

/// <summary>
/// A client and a server on a virtual clock, with a network that tests can make do anything. Every datagram takes <see cref="Delay"/> unless
/// <see cref="Network"/> says otherwise.
/// </summary>
internal sealed class DtlsPair : IDisposable
{
    public static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(5);
    private static readonly NetworkPath ClientPath = new(TransportAddress.Parse("10.0.0.1", 1), TransportAddress.Parse("10.0.0.2", 2));
    private static readonly NetworkPath ServerPath = new(ClientPath.Remote, ClientPath.Local);
    private readonly PriorityQueue<(bool ToClient, byte[] Data), (long Ticks, int Order)> _inFlight = new();
    private readonly int[] _sent = new int[2];
    private int _order;

    public DtlsPair(DtlsOptions? client = null, DtlsOptions? server = null, int seed = 7)
    {
        client ??= ClientOptions();
        server ??= ServerOptions();
        Client = new DtlsEndpoint(DtlsRole.Client, client, new SeededRandomSource(seed));
        Server = new DtlsEndpoint(DtlsRole.Server, server, new SeededRandomSource(seed + 1000));
    }

    public DtlsEndpoint Client { get; }

    public DtlsEndpoint Server { get; }

    public Instant Now { get; private set; } = Instant.Zero + TimeSpan.FromHours(1);

    public TimeSpan Elapsed => Now - (Instant.Zero + TimeSpan.FromHours(1));

    /// <summary>What becomes of a datagram: any number of copies, each with its delay.</summary>
    public Func<SentDatagram, IEnumerable<(byte[] Data, TimeSpan Delay)>> Network { get; set; } = sent => [(sent.Data, Delay)];

    public List<SentDatagram> Log { get; } = [];

    public List<DtlsEvent> ClientEvents { get; } = [];

    public List<DtlsEvent> ServerEvents { get; } = [];

    public List<byte[]> ClientReceived { get; } = [];

    public List<byte[]> ServerReceived { get; } = [];

    public bool AreConnected => Client.State == DtlsState.Connected && Server.State == DtlsState.Connected;

    public static DtlsOptions ClientOptions(DtlsCertificate? own = null, DtlsCertificate? peer = null) => new()
    {
        Certificate = own ?? TestCertificates.Client,
        RemoteFingerprints = (peer ?? TestCertificates.Server).GetFingerprints(),
    };

    public static DtlsOptions ServerOptions(DtlsCertificate? own = null, DtlsCertificate? peer = null) =>
        ClientOptions(own ?? TestCertificates.Server, peer ?? TestCertificates.Client);

    public static DtlsPair Connected(DtlsOptions? client = null, DtlsOptions? server = null)
    {
        var pair = new DtlsPair(client, server);
        pair.Start();
        Assert.That(pair.Drive(() => pair.AreConnected), Is.True);
        pair.Drive(TimeSpan.FromMilliseconds(50));
        return pair;
    }

    public void Start()
    {
        Server.Start(Now);
        Client.Start(Now);
        Pump();
    }

    /// <summary>Runs until the condition holds; <see langword="false"/> if it does not within <paramref name="limit"/> (40 s).</summary>
    public bool Drive(Func<bool> until, TimeSpan? limit = null)
    {
        var end = Now + (limit ?? TimeSpan.FromSeconds(40));
        Pump();
        while (!until())
        {
            if (!Step(end))
            {
                return false;
            }
        }

        return true;
    }

    public void Drive(TimeSpan duration)
    {
        var end = Now + duration;
        Pump();
        while (Step(end))
        {
        }

        Now = end;
    }

    public void SendData(bool fromClient, byte[] data)
    {
        var sender = fromClient ? Client : Server;
        var record = new byte[data.Length + sender.ApplicationDataOverhead];
        data.CopyTo(record, sender.ApplicationDataOffset);
        var length = sender.SealApplicationData(record, data.Length);
        Send(fromClient, record[..length]);
    }

    /// <summary>Hands bytes to an endpoint at once, whoever made them.</summary>
    public void Inject(bool toClient, byte[] data)
    {
        Deliver(toClient, data);
        Pump();
    }

    public void Dispose()
    {
        Client.Dispose();
        Server.Dispose();
    }

    private bool Step(Instant end)
    {
        var next = Instant.Earliest(Client.NextTimeout, Server.NextTimeout);
        if (_inFlight.TryPeek(out _, out var priority))
        {
            next = Instant.Earliest(next, new Instant(priority.Ticks));
        }

        if (next is not { } at || at > end)
        {
            return false;
        }

        Now = Instant.Max(Now, at);
        while (_inFlight.TryPeek(out var datagram, out var due) && due.Ticks <= Now.Ticks)
        {
            _inFlight.Dequeue();
            Deliver(datagram.ToClient, datagram.Data);
        }

        Client.HandleTimeout(Now);
        Server.HandleTimeout(Now);
        Pump();
        return true;
    }

    private void Deliver(bool toClient, byte[] data)
    {
        var copy = data.ToArray();
        if (toClient)
        {
            Client.HandleDatagram(copy, ClientPath, Now);
            TakeEvents(Client, ClientEvents, ClientReceived, copy);
        }
        else
        {
            Server.HandleDatagram(copy, ServerPath, Now);
            TakeEvents(Server, ServerEvents, ServerReceived, copy);
        }
    }

    private void Pump()
    {
        Poll(fromClient: true, Client);
        Poll(fromClient: false, Server);
        TakeEvents(Client, ClientEvents, ClientReceived, []);
        TakeEvents(Server, ServerEvents, ServerReceived, []);
    }

    private void Poll(bool fromClient, DtlsEndpoint endpoint)
    {
        var buffer = new byte[1500];
        while (endpoint.TryPollTransmit(buffer, out var transmit))
        {
            Send(fromClient, buffer[..transmit.Length]);
        }
    }

    private void Send(bool fromClient, byte[] data)
    {
        var sent = new SentDatagram(fromClient, _sent[fromClient ? 0 : 1]++, data);
        Log.Add(sent);
        foreach (var (copy, delay) in Network(sent))
        {
            _inFlight.Enqueue((!fromClient, copy), ((Now + delay).Ticks, _order++));
        }
    }

    private static void TakeEvents(DtlsEndpoint endpoint, List<DtlsEvent> events, List<byte[]> received, byte[] datagram)
    {
        while (endpoint.TryPollEvent(out var e))
        {
            events.Add(e);
            if (e.Kind == DtlsEventKind.ApplicationData)
            {
                received.Add(e.GetData(datagram).ToArray());
            }
        }
    }
}
