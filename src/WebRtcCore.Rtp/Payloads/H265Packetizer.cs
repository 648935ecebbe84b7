namespace WebRtcCore.Rtp.Payloads;

/// <summary>Cuts H.265 access units (RFC 7798, without decoding order numbers): small NAL units travel together, large ones in fragments.</summary>
internal sealed class H265Packetizer() : NalUnitPacketizer(H265NalUnit.HeaderLength, H265NalUnit.FragmentHeaderLength)
{
    protected override bool CanCarry(int unitLength, int maxPayloadSize) => unitLength > H265NalUnit.HeaderLength;

    protected override void WriteFragmentHeader(Span<byte> payload, ReadOnlySpan<byte> unit, int flags)
    {
        payload[0] = H265NalUnit.WithType(unit[0], H265NalUnit.Fragment);
        payload[1] = unit[1];
        payload[2] = (byte)(H265NalUnit.GetType(unit[0]) | flags);
    }

    // RFC 7798 4.4.2: F is set if it is in any of the units, layer and temporal id are the lowest of them.
    protected override void MergeHeader(Span<byte> payload, ReadOnlySpan<byte> unit, bool isFirst)
    {
        var forbidden = unit[0] & 0x80;
        var layers = GetLayers(unit);
        if (!isFirst)
        {
            forbidden |= payload[0] & 0x80;
            layers = Math.Min(layers, GetLayers(payload));
        }

        payload[0] = (byte)(forbidden | (H265NalUnit.Aggregation << 1) | (layers >> 8));
        payload[1] = (byte)layers;
    }

    private static int GetLayers(ReadOnlySpan<byte> header) => ((header[0] & 0x01) << 8) | header[1];
}
