namespace WebRtcCore.Rtp.Payloads;

/// <summary>
/// Cuts H.264 access units (RFC 6184). With fragments (mode 1), small NAL units travel together in a STAP-A and large ones in FU-A pieces; without (mode 0), each
/// unit has a packet of its own and must fit in it.
/// </summary>
internal sealed class H264Packetizer(bool hasFragments) : NalUnitPacketizer(headerLength: 1, H264NalUnit.FragmentHeaderLength)
{
    protected override bool HasAggregation => hasFragments;

    protected override bool CanCarry(int unitLength, int maxPayloadSize) => hasFragments || unitLength <= maxPayloadSize;

    protected override void WriteFragmentHeader(Span<byte> payload, ReadOnlySpan<byte> unit, int flags)
    {
        payload[0] = (byte)((unit[0] & H264NalUnit.ImportanceMask) | H264NalUnit.Fragment);
        payload[1] = (byte)(H264NalUnit.GetType(unit[0]) | flags);
    }

    // RFC 6184 5.7.1: F is set if it is in any of the units, NRI is the highest of them.
    protected override void MergeHeader(Span<byte> payload, ReadOnlySpan<byte> unit, bool isFirst)
    {
        var merged = isFirst ? 0 : payload[0];
        payload[0] = (byte)(((merged | unit[0]) & 0x80) | Math.Max(merged & 0x60, unit[0] & 0x60) | H264NalUnit.Aggregation);
    }
}
