using WebRtcCore.Rtp.HeaderExtensions;

namespace WebRtcCore.Rtp.Receive;

/// <summary>The header extensions that decide what becomes of a received packet, found in one walk. Borrows the packet.</summary>
internal readonly ref struct IncomingExtensions
{
    public ReadOnlySpan<byte> Mid { get; private init; }

    public ReadOnlySpan<byte> Rid { get; private init; }

    public ReadOnlySpan<byte> RepairedRid { get; private init; }

    public ushort? TransportSequenceNumber { get; private init; }

    public AbsoluteSendTime? SendTime { get; private init; }

    public static IncomingExtensions Read(RtpPacketView packet, RtpHeaderExtensionMap map)
    {
        ReadOnlySpan<byte> mid = default;
        ReadOnlySpan<byte> rid = default;
        ReadOnlySpan<byte> repairedRid = default;
        ushort? transportSequenceNumber = null;
        AbsoluteSendTime? sendTime = null;
        foreach (var element in packet.Extensions)
        {
            switch (map.GetKind(element.Id))
            {
                case RtpHeaderExtensionKind.Mid:
                    mid = element.Value;
                    break;
                case RtpHeaderExtensionKind.RtpStreamId:
                    rid = element.Value;
                    break;
                case RtpHeaderExtensionKind.RepairedRtpStreamId:
                    repairedRid = element.Value;
                    break;
                case RtpHeaderExtensionKind.TransportSequenceNumber:
                    if (HeaderExtensions.TransportSequenceNumber.TryParse(element.Value, out var number))
                    {
                        transportSequenceNumber = number.Value;
                    }

                    break;
                case RtpHeaderExtensionKind.AbsoluteSendTime:
                    if (AbsoluteSendTime.TryParse(element.Value, out var time))
                    {
                        sendTime = time;
                    }

                    break;
                default:
                    break;
            }
        }

        return new IncomingExtensions { Mid = mid, Rid = rid, RepairedRid = repairedRid, TransportSequenceNumber = transportSequenceNumber, SendTime = sendTime };
    }
}
