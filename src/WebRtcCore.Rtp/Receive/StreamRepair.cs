using System.Buffers;
using WebRtcCore.Rtp.Fec;
using WebRtcCore.Rtp.HeaderExtensions;

namespace WebRtcCore.Rtp.Receive;

/// <summary>
/// Redundancy of one received stream: opens RED (RFC 2198), and gives back lost packets that came as older blocks of later ones or that repair packets (ULPFEC,
/// FlexFEC) bring back.
/// </summary>
internal sealed class StreamRepair(RtpReceiveStream stream)
{
    // Older blocks are as old as some packets; more than these at a time come from nobody.
    private const int MaxWaiting = 32;

    private readonly FecDecoder _decoder = new();
    private readonly Queue<(byte[] Bytes, int Length)> _redundant = new();

    private long _olderReceived;
    private long _olderDiscarded;

    /// <summary>Whether repair packets have come in, so that media packets are worth keeping.</summary>
    public bool IsProtected { get; private set; }

    /// <summary>Whether a recovered packet is to be taken.</summary>
    public bool HasRecovered => _redundant.Count > 0 || _decoder.HasRecovered;

    /// <summary>Adds what is counted here.</summary>
    public RtpReceiveStreamStats AddTo(RtpReceiveStreamStats stats) => stats with
    {
        FecPacketsReceived = _decoder.RepairsReceived + _olderReceived,
        FecPacketsDiscarded = _decoder.RepairsDiscarded + _olderDiscarded,
        PacketsRecovered = Recovered,
    };

    /// <summary>Packets recovered.</summary>
    public long Recovered { get; private set; }

    /// <summary>Takes in a media packet that came as it was sent.</summary>
    public void AddMedia(RtpPacketView packet, long number, RtpHeaderExtensionMap extensions)
    {
        if (IsProtected)
        {
            _decoder.AddMedia(packet, number, extensions);
        }
    }

    /// <summary>Takes in a repair packet of the stream itself.</summary>
    public void AddUlpfec(ReadOnlySpan<byte> payload)
    {
        IsProtected = true;
        _decoder.AddUlpfec(payload, stream.Ssrc);
    }

    /// <summary>Takes in a repair packet that came as a stream of its own.</summary>
    public void AddFlexFec(ReadOnlySpan<byte> payload)
    {
        IsProtected = true;
        _decoder.AddFlexFec(payload, stream.Ssrc);
    }

    /// <summary>Keeps the older blocks of a packet whose own packets have not come in.</summary>
    /// <remarks>RFC 2198 says nothing of sequence numbers: as browsers do, the blocks are those of the packets just before.</remarks>
    public void AddOlder(RtpPacketView packet, in RedPayload red)
    {
        for (var i = 0; i < red.OlderCount; i++)
        {
            var block = red.GetOlder(i, out var payloadType, out var offset);
            var number = (ushort)(packet.SequenceNumber - (red.OlderCount - i));
            if (block.IsEmpty)
            {
                continue;
            }

            _olderReceived++;
            if (_redundant.Count == MaxWaiting || !stream.Statistics.IsMissing(number))
            {
                _olderDiscarded++;
                continue;
            }

            var bytes = ArrayPool<byte>.Shared.Rent(RtpPacketView.FixedHeaderLength + block.Length);
            var writer = new RtpPacketWriter(bytes, packet.Ssrc, payloadType, number, packet.TimestampTicks - offset);
            writer.TryAddPayload(block);
            _redundant.Enqueue((bytes, writer.Complete()));
        }
    }

    /// <summary>Takes a recovered packet.</summary>
    public bool TryTakeRecovered(Span<byte> destination, out int length)
    {
        length = 0;
        while (_redundant.TryDequeue(out var packet))
        {
            length = packet.Length;
            var fits = length <= destination.Length;
            packet.Bytes.AsSpan(0, fits ? length : 0).CopyTo(destination);
            ArrayPool<byte>.Shared.Return(packet.Bytes);
            if (fits)
            {
                return true;
            }
        }

        return _decoder.TryTakeRecovered(destination, out length);
    }

    /// <summary>A recovered packet was new.</summary>
    public void OnRecovered() => Recovered++;

    /// <summary>Lets go of everything.</summary>
    public void Clear()
    {
        _decoder.Clear();
        while (_redundant.TryDequeue(out var packet))
        {
            ArrayPool<byte>.Shared.Return(packet.Bytes);
        }
    }
}
