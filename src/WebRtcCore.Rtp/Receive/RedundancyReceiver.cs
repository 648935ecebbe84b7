using System.Diagnostics.CodeAnalysis;
using WebRtcCore.Primitives;
using WebRtcCore.Rtp.Fec;

namespace WebRtcCore.Rtp.Receive;

/// <summary>Where packets with redundancy and repair packets go, and the streams that have recovered packets to give.</summary>
internal sealed class RedundancyReceiver
{
    private readonly List<RtpReceiveStream> _streams = [];

    /// <summary>
    /// Opens a packet with redundancy in place: its header moves in front of the primary block, and its payload type becomes that of the block.
    /// </summary>
    /// <param name="stream">The stream.</param>
    /// <param name="packet">The packet.</param>
    /// <param name="view">The packet; afterwards as it would have come without redundancy.</param>
    /// <param name="offset">How many bytes further the packet starts.</param>
    /// <returns><see langword="false"/> if it is malformed.</returns>
    public bool TryOpen(RtpReceiveStream stream, Span<byte> packet, ref RtpPacketView view, out int offset)
    {
        offset = 0;
        if (!RedPayload.TryParse(view.Payload, out var red))
        {
            return false;
        }

        if (red.OlderCount > 0)
        {
            Get(stream).AddOlder(view, red);
        }

        offset = red.PrimaryStart;
        var primaryType = red.PrimaryType;
        packet[..view.HeaderLength].CopyTo(packet[offset..]);
        var opened = packet[offset..];
        opened[1] = (byte)((opened[1] & 0x80) | primaryType.Value);
        return RtpPacketView.TryParse(opened, out view);
    }

    /// <summary>Takes in a repair packet in the form of ULPFEC.</summary>
    public void AddUlpfec(RtpReceiveStream stream, ReadOnlySpan<byte> payload) => Get(stream).AddUlpfec(payload);

    /// <summary>Takes in a repair packet in the form of FlexFEC.</summary>
    public void AddFlexFec(RtpReceiveStream stream, ReadOnlySpan<byte> payload) => Get(stream).AddFlexFec(payload);

    /// <summary>Forgets a stream.</summary>
    public void Remove(RtpReceiveStream stream)
    {
        if (_streams.Remove(stream))
        {
            stream.Repair!.Clear();
            stream.Repair = null;
        }
    }

    /// <summary>Takes a packet that was lost and is new.</summary>
    public bool TryTake(
        Span<byte> destination, Instant now, [NotNullWhen(true)] out RtpReceiveStream? stream, out RtpPacketView packet, out long extendedSequenceNumber)
    {
        foreach (var candidate in _streams)
        {
            while (candidate.Repair!.TryTakeRecovered(destination, out var length))
            {
                if (RtpPacketView.TryParse(destination[..length], out packet) && candidate.State.Formats[packet.PayloadType] is { } format
                    && candidate.TryAccept(packet, format, PacketOrigin.Recovered, now, out extendedSequenceNumber))
                {
                    candidate.Repair.OnRecovered();
                    stream = candidate;
                    return true;
                }
            }
        }

        stream = null;
        packet = default;
        extendedSequenceNumber = 0;
        return false;
    }

    private StreamRepair Get(RtpReceiveStream stream)
    {
        if (stream.Repair is null)
        {
            stream.Repair = new StreamRepair(stream);
            _streams.Add(stream);
        }

        return stream.Repair;
    }
}
