using WebRtcCore.Sctp.Chunks;
using WebRtcCore.Sctp.Packets;

namespace WebRtcCore.Sctp.Receive;

/// <summary>Puts messages together from fragments: one way for DATA, another for I-DATA.</summary>
internal interface IReassemblyQueue
{
    /// <summary>Whether the fragment's message is begun already or may still be begun.</summary>
    bool HasPlaceFor(in Fragment fragment);

    /// <summary>Takes a fragment whose TSN is new and after <paramref name="cumulative"/> as it was before.</summary>
    /// <returns>Whether it makes sense; if not, the peer breaks the protocol.</returns>
    bool Add(in IncomingFragment fragment, Tsn cumulative);

    /// <summary>
    /// Tells that the cumulative TSN moves on to <paramref name="tsn"/>, past gaps: the peer has given up what is missing (RFC 3758, 3.6), or everything up to
    /// there has arrived.
    /// </summary>
    void ForwardTo(Tsn cumulative, Tsn tsn);

    /// <summary>Does not wait any longer for what an entry of FORWARD TSN or I-FORWARD-TSN lists.</summary>
    void Skip(in SkippedMessages skipped);

    /// <summary>RFC 6525 5.2.2: the stream's numbers begin at 0 again.</summary>
    void ResetStream(ushort streamId);

    /// <summary>Resets every stream.</summary>
    void ResetAllStreams();

    /// <summary>Frees everything held.</summary>
    void Clear();
}
