using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using WebRtcCore.Primitives;
using WebRtcCore.Rtp;
using WebRtcCore.Stun;

namespace WebRtcCore.LoadTest.OnePort;

/// <summary>
/// The second process: it offers connections and floods, as it is told line by line on standard input, and answers on standard output.
/// <code>
///  offer           -> offer ID SDP
///  view            -> offer ID SDP, of one that receives video
///  count           -> counted PACKETS, of all videos received
///  answer ID SDP
///  flood PORT COUNT KIND -> flooded ANSWERS
///  close
/// </code>
/// </summary>
internal static class PeerHost
{
    // Fewer than the server's receive buffer holds, so that what is counted there is all that was sent.
    private const int Burst = 64;
    private static readonly TimeSpan BurstPause = TimeSpan.FromMilliseconds(1);

    public static async Task RunAsync(TextReader input, TextWriter output)
    {
        var connections = new ConcurrentDictionary<int, PeerConnection>();
        await using var factory = new PeerConnectionFactory(null, new PeerConnectionOptions { LocalAddresses = [IPAddress.Loopback] });
        var next = 0;
        var packets = new StrongBox<long>();
        while (await input.ReadLineAsync() is { } line)
        {
            var words = line.Split(' ');
            switch (words[0])
            {
                case "offer":
                    _ = OfferAsync(factory, connections, ++next, output, static connection => connection.CreateDataChannel("load"));
                    break;
                case "view":
                    _ = OfferAsync(factory, connections, ++next, output, connection => View(connection, packets));
                    break;
                case "count":
                    Write(output, $"counted {Interlocked.Read(ref packets.Value)}");
                    break;
                case "answer":
                    var sdp = Encoding.UTF8.GetString(Convert.FromBase64String(words[2]));
                    _ = connections[Number(words[1])].SetRemoteDescriptionAsync(new SessionDescription(SdpType.Answer, sdp));
                    break;
                case "flood":
                    Write(output, $"flooded {await FloodAsync(Number(words[1]), Number(words[2]), words[3] == "checks")}");
                    break;
                default:
                    await Task.WhenAll(connections.Values.Select(static connection => connection.DisposeAsync().AsTask()));
                    connections.Clear();
                    break;
            }
        }
    }

    private static async Task OfferAsync(PeerConnectionFactory factory, ConcurrentDictionary<int, PeerConnection> connections, int id, TextWriter output, Action<PeerConnection> prepare)
    {
        var connection = factory.CreatePeerConnection();
        connections[id] = connection;
        prepare(connection);
        var gathered = Gathering.Complete(connection);
        await connection.SetLocalDescriptionAsync();
        await gathered;
        Write(output, $"offer {id} {Convert.ToBase64String(Encoding.UTF8.GetBytes(connection.LocalDescription!.Sdp))}");
    }

    private static void View(PeerConnection connection, StrongBox<long> packets)
    {
        var receiver = connection.AddTransceiver(MediaKind.Video, new RtpTransceiverOptions { Direction = RtpTransceiverDirection.RecvOnly }).Receiver;
        receiver.PacketReceived += (RtpReceiver _, in RtpPacketView _) => Interlocked.Increment(ref packets.Value);
    }

    private static async Task<int> FloodAsync(int port, int count, bool areChecks)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(IPAddress.Loopback, port);
        var packet = areChecks ? MakeCheck() : MakeData();
        for (var sent = 0; sent < count; sent++)
        {
            socket.Send(packet);
            if (sent % Burst == Burst - 1)
            {
                await Task.Delay(BurstPause);
            }
        }

        await Task.Delay(TimeSpan.FromMilliseconds(200));
        var answers = 0;
        for (; socket.Available > 0; answers++)
        {
            socket.Receive(packet);
        }

        return answers;
    }

    private static byte[] MakeData()
    {
        var packet = new byte[200];
        packet[0] = 0x80;
        packet[1] = 96;
        return packet;
    }

    private static byte[] MakeCheck()
    {
        var buffer = new byte[200];
        var writer = new StunMessageWriter(buffer, StunClass.Request, StunMethod.Binding, StunTransactionId.Create(SystemRandomSource.Instance));
        writer.AddText(StunAttributeType.Username, "nobodyAB:stranger");
        writer.AddUInt32(StunAttributeType.Priority, 1);
        using var key = StunIntegrityKey.FromPassword("a password that is not known to anyone");
        writer.AddMessageIntegrity(key);
        writer.AddFingerprint();
        return buffer[..writer.Length];
    }

    private static int Number(string word) => int.Parse(word, CultureInfo.InvariantCulture);

    private static void Write(TextWriter output, string line)
    {
        lock (output)
        {
            output.WriteLine(line);
            output.Flush();
        }
    }
}
