using WebRtcCore.Primitives;

namespace WebRtcCore.Srtp;

/// <summary>What one direction remembers about one SSRC: packet indices of RTP and RTCP.</summary>
internal sealed class SrtpStream
{
    private const ulong MaxRtpIndex = (1UL << 48) - 1;
    private const uint MaxRtcpIndex = 0x7FFF_FFFF;

    private ReplayWindow _rtp;
    private ReplayWindow _rtcp;
    private uint _lastRtcpIndex;

    /// <summary>The rollover counter that the next first packet belongs to; for tests and for joining late with a known counter.</summary>
    public uint InitialRolloverCounter { get; init; }

    /// <summary>
    /// The 48-bit index of the packet numbered <paramref name="sequenceNumber"/>: the one nearest to the highest so far.
    /// </summary>
    /// <returns><see langword="false"/> if the index would lie before the first or behind the last possible one.</returns>
    public bool TryEstimateRtpIndex(ushort sequenceNumber, out ulong index)
    {
        if (!_rtp.HasHighest)
        {
            index = ((ulong)InitialRolloverCounter << 16) | sequenceNumber;
            return true;
        }

        // RFC 3711 3.3.1 and appendix A: of the counters ROC - 1, ROC and ROC + 1 the one that brings the packet closest.
        var distance = (short)(sequenceNumber - (ushort)_rtp.Highest);
        var estimate = (long)_rtp.Highest + distance;
        index = (ulong)estimate;
        return estimate >= 0 && index <= MaxRtpIndex;
    }

    public bool IsFreshRtp(ulong index) => _rtp.IsFresh(index);

    public void MarkRtp(ulong index)
    {
        if (_rtp.IsFresh(index))
        {
            _rtp.Mark(index);
        }
    }

    public bool IsFreshRtcp(uint index) => _rtcp.IsFresh(index);

    public void MarkRtcp(uint index) => _rtcp.Mark(index);

    /// <summary>Counts one SRTCP packet more (RFC 3711, 3.4: the first has index 1 here, as in other stacks).</summary>
    public bool TryTakeRtcpIndex(out uint index)
    {
        index = _lastRtcpIndex;
        if (_lastRtcpIndex == MaxRtcpIndex)
        {
            return false;
        }

        index = ++_lastRtcpIndex;
        return true;
    }
}
