using System.Buffers.Binary;
using WebRtcCore.Primitives;
using WebRtcCore.Rtp.HeaderExtensions;

namespace WebRtcCore.Rtp.Send;

/// <summary>What the send streams of one session share: the transport's sequence numbers, agreed extensions, clock and budget.</summary>
internal sealed class RtpSendContext(RtpSessionOptions options)
{
    private ushort _nextTransportSequenceNumber;

    public RtpSessionOptions Options { get; } = options;

    /// <summary>The header extensions agreed for the session.</summary>
    public RtpHeaderExtensionMap Extensions { get; set; } = RtpHeaderExtensionMap.Empty;

    public TransportSendHistory History { get; } = new();

    /// <summary>The numbers of packets by stream, where the peer names them so (RFC 8888).</summary>
    public SentNumbers Numbers { get; } = new();

    /// <summary>Whether the peer tells of packets by stream and sequence number, so that packets are numbered here without a header extension.</summary>
    public bool HasStreamFeedback { get; set; }

    public RetransmissionBudget Budget { get; } = new();

    /// <summary>What waits to leave.</summary>
    public PacingQueue Queue { get; set; } = null!;

    /// <summary>Learns of everything that leaves.</summary>
    public SendRateControl Rates { get; set; } = null!;

    /// <summary>The probe cluster that is being written, or 0.</summary>
    public int ProbeCluster { get; set; }

    /// <summary>The number of the next packet of the transport; taken once the packet is sent.</summary>
    public ushort NextTransportSequenceNumber => _nextTransportSequenceNumber;

    /// <summary>Called for each packet that is no retransmission, when it is handed over.</summary>
    public Action<Instant>? MediaSent { get; set; }

    /// <summary>The wall-clock time at <paramref name="now"/>.</summary>
    public NtpTimestamp ToNtp(Instant now) => Options.NtpOrigin + now.SinceOrigin;

    /// <summary>Bytes that a packet of <paramref name="length"/> bytes takes on the wire.</summary>
    public int ToWireLength(int length) => length + Options.PacketOverheadBytes;

    /// <summary>Forgets what was sent of a stream.</summary>
    public void Forget(RtpSendStream stream)
    {
        Numbers.Remove(stream.Ssrc);
        Numbers.Remove(stream.Options.RetransmissionSsrc ?? stream.Ssrc);
        Numbers.Remove(stream.Options.FecSsrc ?? stream.Ssrc);
    }

    /// <summary>Notes a packet that goes out, and counts its transport sequence number if it has one.</summary>
    public void OnSent(ReadOnlySpan<byte> packet, ushort? transportSequenceNumber, bool isRetransmission, Instant now)
    {
        var wireLength = ToWireLength(packet.Length);
        if (HasStreamFeedback)
        {
            transportSequenceNumber ??= _nextTransportSequenceNumber;
            Numbers.Set(
                new Ssrc(BinaryPrimitives.ReadUInt32BigEndian(packet[8..])), BinaryPrimitives.ReadUInt16BigEndian(packet[2..]), transportSequenceNumber.Value);
        }

        if (transportSequenceNumber is { } number)
        {
            _nextTransportSequenceNumber = (ushort)(number + 1);
            History.Add(number, new SentPacket(wireLength, now, ProbeCluster));
        }

        Rates.OnSent(wireLength, isRetransmission, transportSequenceNumber is not null, now);
    }

    /// <summary>Notes a packet that is no retransmission: it earns budget for retransmissions.</summary>
    public void OnMediaSent(int length, Instant now)
    {
        Budget.OnMediaSent(length, now);
        MediaSent?.Invoke(now);
    }
}
