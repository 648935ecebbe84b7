namespace WebRtcCore.Rtp.Payloads;

/// <summary>What the payloads of H.264 (RFC 6184) and H.265 (RFC 7798) have in common.</summary>
internal static class NalUnitPayload
{
    /// <summary>Bytes before each unit of an aggregation: its length.</summary>
    public const int AggregatedLengthSize = sizeof(ushort);

    /// <summary>The fragment header's bit of the first fragment.</summary>
    public const byte FragmentStartBit = 0x80;

    /// <summary>The fragment header's bit of the last fragment.</summary>
    public const byte FragmentEndBit = 0x40;
}
