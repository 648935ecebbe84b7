using WebRtcCore.Rtp;

namespace WebRtcCore;

/// <summary>
/// Which SSRCs a sender's encodings have: the first one those that the sender began with, also after an answer has left it alone and without its rid; each other
/// layer its own, kept even while negotiation leaves it out. Written under the connection's gate, read from any thread.
/// </summary>
internal sealed class SenderSsrcs(Func<Ssrc> next)
{
    private volatile Dictionary<string, EncodingSsrcs> _byRid = new(StringComparer.Ordinal);

    /// <summary>Those of the first encoding.</summary>
    public EncodingSsrcs First { get; } = new(next(), next(), next());

    /// <summary>Those of an encoding; <see langword="null"/> for one without a rid.</summary>
    public EncodingSsrcs Get(string? rid) => rid is not null && _byRid.TryGetValue(rid, out var own) ? own : First;

    /// <summary>Whether what is to be sent for <paramref name="rid"/> belongs to an encoding without a rid: to the first layer, or there have never been layers.</summary>
    public bool IsFirst(string rid)
    {
        var byRid = _byRid;
        return byRid.Count == 0 || (byRid.TryGetValue(rid, out var own) && own == First);
    }

    /// <summary>Whether the SSRC is that of one of the encodings' media.</summary>
    public bool Contains(uint ssrc) => First.Media.Value == ssrc || _byRid.Values.Any(own => own.Media.Value == ssrc);

    /// <summary>Gives SSRCs to encodings that have none yet.</summary>
    public void Add(IEnumerable<RtpEncodingParameters> encodings)
    {
        var unknown = encodings.Select(encoding => encoding.Rid).OfType<string>().Where(rid => !_byRid.ContainsKey(rid)).ToArray();
        if (unknown.Length == 0)
        {
            return;
        }

        var byRid = new Dictionary<string, EncodingSsrcs>(_byRid, StringComparer.Ordinal);
        foreach (var rid in unknown)
        {
            byRid.TryAdd(rid, byRid.Count == 0 ? First : new EncodingSsrcs(next(), next(), next()));
        }

        _byRid = byRid;
    }
}
