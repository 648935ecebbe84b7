using WebRtcCore.Rtp.Receive;

namespace WebRtcCore.Rtp;

/// <summary>A received packet that belongs to a known stream, for the application. It borrows the datagram.</summary>
public readonly ref struct RtpReceived
{
    internal RtpReceived(RtpReceiveStream stream, RtpPacketView packet, int offset, long extendedSequenceNumber, PacketOrigin origin)
    {
        Stream = stream;
        Packet = packet;
        Offset = offset;
        ExtendedSequenceNumber = extendedSequenceNumber;
        Origin = origin;
    }

    /// <summary>The stream that the packet belongs to.</summary>
    public RtpReceiveStream Stream { get; }

    /// <summary>The packet; a retransmission looks as its original did.</summary>
    public RtpPacketView Packet { get; }

    /// <summary>Where the packet starts in the buffer handed to <see cref="RtpSession.HandleRtp"/>: more than 0 for a retransmission and where redundancy was opened.</summary>
    public int Offset { get; }

    /// <summary>The packet's length.</summary>
    public int Length => Packet.Packet.Length;

    /// <summary>The sequence number without wrap-around: grows by one from packet to packet of the stream.</summary>
    public long ExtendedSequenceNumber { get; }

    /// <summary>Whether the packet came as a retransmission.</summary>
    public bool IsRetransmission => Origin == PacketOrigin.Retransmission;

    /// <summary>Whether the packet was lost and comes from redundancy or repair packets.</summary>
    public bool IsRecovered => Origin == PacketOrigin.Recovered;

    internal PacketOrigin Origin { get; }
}
