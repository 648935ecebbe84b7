using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using WebRtcCore.Dns;

namespace WebRtcCore.Tests.Transport.Names;

/// <summary>A name server on loopback, over UDP and TCP, that knows some services.</summary>
internal sealed class LoopbackNameServer : IDisposable
{
    private readonly Socket _datagrams = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Socket _streams;
    private int _asked;

    public LoopbackNameServer()
    {
        _streams = BindBoth(_datagrams);
        Address = (IPEndPoint)_streams.LocalEndPoint!;
        _streams.Listen();
        _ = AnswerDatagramsAsync();
        _ = AnswerStreamsAsync();
    }

    public IPEndPoint Address { get; }

    public Dictionary<string, DnsService[]> Services { get; } = [];

    public bool IsTruncating { get; init; }

    public bool IsFailing { get; init; }

    /// <summary>Datagrams that go before the right answer, which an attacker might send.</summary>
    public bool IsSpoofing { get; init; }

    public int Asked => Volatile.Read(ref _asked);

    public void Dispose()
    {
        _datagrams.Dispose();
        _streams.Dispose();
    }

    // A port that is free over TCP may be somebody's over UDP.
    private static Socket BindBoth(Socket datagrams)
    {
        for (var i = 0; ; i++)
        {
            var streams = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                streams.Bind(new IPEndPoint(IPAddress.Loopback, 0));
                datagrams.Bind(streams.LocalEndPoint!);
                return streams;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse && i < 20)
            {
                streams.Dispose();
            }
        }
    }

    private async Task AnswerDatagramsAsync()
    {
        var buffer = new byte[2000];
        try
        {
            while (true)
            {
                var received = await _datagrams.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0));
                var query = buffer.AsMemory(0, received.ReceivedBytes);
                if (IsSpoofing)
                {
                    var forged = Answer(query.Span, isStream: true, new DnsService(0, 0, 6666, "evil.example"));
                    forged[0] ^= 1;
                    await _datagrams.SendToAsync(forged, received.RemoteEndPoint);
                    await _datagrams.SendToAsync(new byte[] { 1, 2, 3 }, received.RemoteEndPoint);
                }

                await _datagrams.SendToAsync(Answer(query.Span, isStream: false), received.RemoteEndPoint);
            }
        }
        catch (ObjectDisposedException)
        {
        }
        catch (SocketException)
        {
        }
    }

    private async Task AnswerStreamsAsync()
    {
        try
        {
            while (true)
            {
                using var socket = await _streams.AcceptAsync();
                await using var stream = new NetworkStream(socket);
                var length = new byte[2];
                await stream.ReadExactlyAsync(length);
                var query = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
                await stream.ReadExactlyAsync(query);
                var answer = Answer(query, isStream: true);
                BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)answer.Length);
                await stream.WriteAsync(length);
                await stream.WriteAsync(answer);
            }
        }
        catch (ObjectDisposedException)
        {
        }
        catch (SocketException)
        {
        }
    }

    private byte[] Answer(ReadOnlySpan<byte> query, bool isStream, params DnsService[] instead)
    {
        Interlocked.Increment(ref _asked);
        _ = DnsMessageView.TryParse(query, out var view);
        var name = "";
        foreach (var question in view.Questions)
        {
            name = question.Name.ToString()!;
        }

        var known = Services.TryGetValue(name, out var services);
        var flags = DnsFormat.ResponseFlag | (IsTruncating && !isStream ? DnsFormat.TruncatedFlag : 0)
            | (int)(IsFailing ? DnsResponseCode.ServerFailure : known ? DnsResponseCode.NoError : DnsResponseCode.NameError);
        var buffer = new byte[4000];
        var writer = new DnsMessageWriter(buffer, view.Id, (ushort)flags);
        writer.TryAddQuestion(name, DnsRecordType.Srv);
        if (!IsTruncating || isStream)
        {
            foreach (var service in instead.Length > 0 ? instead : services ?? [])
            {
                writer.TryAddService(DnsSection.Answer, name, service, 60);
            }
        }

        return buffer[..writer.Length];
    }
}
