using WebRtcCore;
using WebRtcCore.Rtp;

namespace EchoPeer;

/// <summary>Returns to the peer of a connection whatever it sends: each track on the same m-line, each message on the same channel.</summary>
internal sealed class Echo
{
    private readonly ILogger _logger;
    private readonly HashSet<RtpTransceiver> _transceivers = [];

    private Echo(PeerConnection connection, ILogger logger)
    {
        _logger = logger;
        connection.Track += (_, e) => ReturnTrack(e);
        connection.DataChannel += (_, e) => _ = ReturnMessagesAsync(e.Channel);
    }

    /// <summary>Starts to echo. It lasts as long as the connection.</summary>
    public static void Attach(PeerConnection connection, ILogger logger) => _ = new Echo(connection, logger);

    private void ReturnTrack(TrackEventArgs e)
    {
        var sender = e.Transceiver.Sender;
        var receiver = e.Transceiver.Receiver;
        if (!_transceivers.Add(e.Transceiver))
        {
            return;
        }

        e.Transceiver.Direction = RtpTransceiverDirection.SendRecv;
        sender.SetStreams([.. e.Streams]);
        _ = sender.ReplaceTrackAsync(new MediaStreamTrack(e.Track.Kind));

        receiver.PacketReceived += (RtpReceiver _, in RtpPacketView packet) => sender.SendRtp(packet.Packet);

        // Only the browser's own encoder can make the key frame that the browser's decoder asks for.
        sender.KeyFrameRequested += (_, _) => receiver.RequestKeyFrame();
    }

    private async Task ReturnMessagesAsync(DataChannel channel)
    {
        try
        {
            // SendAsync waits while the send buffer is full; meanwhile nothing is read, and the peer's window closes.
            await foreach (var message in channel.ReadAllAsync())
            {
                await (message.IsText ? channel.SendAsync(message.Text) : channel.SendAsync(message.Data));
            }
        }
        catch (Exception e) when (e is RtcException or ArgumentException)
        {
            Log.ChannelEnded(_logger, channel.Label, e.Message);
        }
    }
}
