using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Congestion;

/// <summary>How much of what a stream sends is payload, and how much it sends: to turn the bit rate of a path into that of an encoder.</summary>
internal sealed class StreamShape
{
    private const double Gain = 0.02;

    // A video packet of 1,100 bytes payload, until the first packets tell.
    private double _payload = 1100;
    private double _wire = 1180;
    private RateMeter? _meter;

    /// <summary>Takes in a packet.</summary>
    public void OnSent(int payloadLength, int wireLength, Instant now)
    {
        _payload += Gain * (payloadLength - _payload);
        _wire += Gain * (wireLength - _wire);
        (_meter ??= new RateMeter()).Add(wireLength, now);
    }

    /// <summary>What is sent on the wire, in bits per second.</summary>
    public long GetWireBps(Instant now) => _meter?.GetBitrateBps(now) ?? 0;

    /// <summary>The payload's part of a rate on the wire.</summary>
    public long ToPayloadBps(long wireBps) => (long)Math.Min(long.MaxValue / 2, wireBps * (_payload / _wire));

    /// <summary>What a rate of payload takes on the wire.</summary>
    public long ToWireBps(long payloadBps) => (long)Math.Min(long.MaxValue / 2, payloadBps * (_wire / _payload));
}
