using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace WebRtcCore.LoadTest.Measuring;

/// <summary>What plain UDP sockets do on this machine at this moment: a figure for the network stack is only worth its ratio to these.</summary>
internal static class UdpBaseline
{
    /// <summary>Bytes in a packet of <see cref="NanosecondsPerPacket"/>.</summary>
    public const int PacketLength = 1200;

    private const int Burst = 32;

    /// <summary>Nanoseconds for sending and receiving one packet of 1200 bytes over 127.0.0.1 on one thread: the best of several short runs.</summary>
    public static double NanosecondsPerPacket() => Measure(isReceivingCounted: true);

    /// <summary>The same for sending alone.</summary>
    public static double NanosecondsPerSend() => Measure(isReceivingCounted: false);

    /// <summary>Round trips in microseconds of a small packet between two sockets that are awaited, as in any application without a thread per socket.</summary>
    public static async Task<Percentiles> PingAsync(int size, int count)
    {
        using var near = Open(out _);
        using var far = Open(out var address);
        using var stop = new CancellationTokenSource();
        var echo = EchoAsync(far, stop.Token);
        var samples = new double[count];
        var packet = new byte[size];
        var from = new SocketAddress(AddressFamily.InterNetwork);

        // The first half warms up.
        for (var i = -count; i < count; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await near.SendToAsync(packet, SocketFlags.None, address);
            await near.ReceiveFromAsync(packet, SocketFlags.None, from);
            samples[Math.Max(i, 0)] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }

        await stop.CancelAsync();
        await echo;
        return new Percentiles(samples);
    }

    private static async Task EchoAsync(Socket socket, CancellationToken cancellationToken)
    {
        var packet = new byte[2048];
        var from = new SocketAddress(AddressFamily.InterNetwork);
        try
        {
            while (true)
            {
                var length = await socket.ReceiveFromAsync(packet, SocketFlags.None, from, cancellationToken);
                await socket.SendToAsync(packet.AsMemory(0, length), SocketFlags.None, from, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // That is how the echo ends.
        }
    }

    private static double Measure(bool isReceivingCounted)
    {
        using var sender = Open(out _);
        using var receiver = Open(out var address);
        var packet = new byte[PacketLength];
        var received = new byte[2048];
        var from = new SocketAddress(AddressFamily.InterNetwork);
        var best = double.MaxValue;
        for (var run = 0; run < 6; run++)
        {
            const int Bursts = 500;
            long ticks = 0;
            for (var burst = 0; burst < Bursts; burst++)
            {
                var start = Stopwatch.GetTimestamp();
                for (var i = 0; i < Burst; i++)
                {
                    sender.SendTo(packet, SocketFlags.None, address);
                }

                var sent = Stopwatch.GetTimestamp();
                for (var i = 0; i < Burst; i++)
                {
                    receiver.ReceiveFrom(received, SocketFlags.None, from);
                }

                ticks += (isReceivingCounted ? Stopwatch.GetTimestamp() : sent) - start;
            }

            best = Math.Min(best, ticks * 1e9 / Stopwatch.Frequency / (Bursts * Burst));
        }

        return best;
    }

    private static Socket Open(out SocketAddress address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        address = ((IPEndPoint)socket.LocalEndPoint!).Serialize();
        return socket;
    }
}
