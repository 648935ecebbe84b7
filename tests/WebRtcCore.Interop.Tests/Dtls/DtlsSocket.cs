using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using WebRtcCore.Dtls;
using WebRtcCore.Primitives;
using Role = WebRtcCore.Dtls.DtlsRole;

namespace WebRtcCore.Interop.Tests.Dtls;

/// <summary>A DTLS endpoint on a UDP socket of 127.0.0.1, driven by the thread of the test: nothing happens outside <see cref="Run"/>.</summary>
internal sealed class DtlsSocket : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(20);
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly byte[] _buffer = new byte[65_536];
    private readonly StringBuilder _received = new();
    private EndPoint? _remote;

    /// <summary>Opens a socket; a client needs the port of its server on 127.0.0.1.</summary>
    public DtlsSocket(Role role, PeerCertificate peer, Func<DtlsOptions, DtlsOptions>? change = null, int? remotePort = null)
    {
        var options = new DtlsOptions
        {
            Certificate = OwnCertificate.Value,
            RemoteFingerprints = peer.Fingerprints,
            KeyLog = line => KeyLogLine = line,
        };
        Endpoint = new DtlsEndpoint(role, change?.Invoke(options) ?? options, SystemRandomSource.Instance);
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _remote = remotePort is { } port ? new IPEndPoint(IPAddress.Loopback, port) : null;
        Endpoint.Start(Now);
    }

    public static Lazy<DtlsCertificate> OwnCertificate { get; } =
        new(() => DtlsCertificate.Generate(DateTimeOffset.UtcNow, TimeSpan.FromDays(1), SystemRandomSource.Instance));

    public DtlsEndpoint Endpoint { get; }

    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    /// <summary>All application data so far, as text.</summary>
    public string Received => _received.ToString();

    public string? KeyLogLine { get; private set; }

    public Instant Now => Instant.Zero + Stopwatch.GetElapsedTime(_started);

    /// <summary>Moves datagrams until the condition holds.</summary>
    public void Run(Func<bool> until, Func<string> describe)
    {
        var deadline = Now + Patience;
        while (!until())
        {
            if (Now > deadline || Endpoint.State == DtlsState.Failed)
            {
                Assert.Fail($"{Endpoint.Role}: {Endpoint.State}, {Endpoint.Error}, {Endpoint.Statistics}\n{describe()}");
            }

            Transmit();
            Receive();
            Endpoint.HandleTimeout(Now);
            TakeEvents(0);
        }

        Transmit();
    }

    public void Send(string text)
    {
        var length = Encoding.ASCII.GetBytes(text, _buffer.AsSpan(Endpoint.ApplicationDataOffset));
        length = Endpoint.SealApplicationData(_buffer, length);
        _socket.SendTo(_buffer.AsSpan(0, length), SocketFlags.None, _remote!);
    }

    public void Close()
    {
        Endpoint.Close(Now);
        Transmit();
    }

    public byte[] Export(int length)
    {
        var keys = new byte[length];
        Assert.That(Endpoint.TryExportKeyingMaterial("EXTRACTOR-dtls_srtp", keys), Is.True);
        return keys;
    }

    public void Dispose()
    {
        Close();
        Endpoint.Dispose();
        _socket.Dispose();
    }

    private void Transmit()
    {
        while (Endpoint.TryPollTransmit(_buffer, out var transmit))
        {
            if (_remote is not null)
            {
                _socket.SendTo(_buffer.AsSpan(0, transmit.Length), SocketFlags.None, _remote);
            }
        }
    }

    private void Receive()
    {
        if (!_socket.Poll(Turn, SelectMode.SelectRead))
        {
            return;
        }

        EndPoint from = new IPEndPoint(IPAddress.Loopback, 0);
        int length;
        try
        {
            length = _socket.ReceiveFrom(_buffer, ref from);
        }
        catch (SocketException)
        {
            // The peer's port is not open yet; the flight will be repeated.
            return;
        }

        _remote ??= from;
        Endpoint.HandleDatagram(_buffer.AsSpan(0, length), default, Now);
        TakeEvents(length);
    }

    private void TakeEvents(int length)
    {
        while (Endpoint.TryPollEvent(out var e))
        {
            _received.Append(Encoding.ASCII.GetString(e.GetData(_buffer.AsSpan(0, length))));
        }
    }
}
