using WebRtcCore.Sdp;

namespace WebRtcCore.Session.Negotiation;

/// <summary>
/// Which m-lines share the one transport (RFC 8843). Deviation: m-lines outside of it are rejected, as with the policy max-bundle;
/// a peer that does not bundle gets the first m-line that can be accepted.
/// </summary>
internal static class BundlePlan
{
    /// <summary>The m-line whose transport attributes count; <see langword="null"/> if every m-line is rejected.</summary>
    internal static SdpMedia? FindTransportMedia(SdpSession sdp)
    {
        if (sdp.GetBundleGroup() is { } group)
        {
            // RFC 8843 7.3.1: the order of the mids counts, not that of the m-lines.
            foreach (var mid in group.Mids)
            {
                if (sdp.FindMedia(mid) is { IsRejected: false } media)
                {
                    return media;
                }
            }
        }

        return sdp.Media.FirstOrDefault(m => !m.IsRejected);
    }

    /// <summary>
    /// The m-line that says what the transport of <paramref name="media"/> is: itself, or where it leaves that out, as bundled m-lines may (RFC 8843 7.1.3),
    /// the first of its group that does not.
    /// </summary>
    internal static SdpMedia FindAttributeSource(SdpSession sdp, SdpMedia media)
    {
        if (HasIce(sdp, media))
        {
            return media;
        }

        var mids = GetTransportMids(sdp, media);
        return sdp.Media.FirstOrDefault(m => mids.Contains(m.Mid!) && HasIce(sdp, m)) ?? media;
    }

    /// <summary>The ICE credentials of the transport of <paramref name="media"/>.</summary>
    internal static IceParameters? GetIce(SdpSession sdp, SdpMedia media)
    {
        var source = FindAttributeSource(sdp, media);
        return sdp.GetValue(source, SdpAttributeNames.IceUfrag) is { } ufrag && sdp.GetValue(source, SdpAttributeNames.IcePwd) is { } pwd
            ? new IceParameters(ufrag, pwd)
            : null;
    }

    /// <summary>The mids on the transport of <paramref name="transportMedia"/>: those of its group, or it alone.</summary>
    internal static IReadOnlySet<string> GetTransportMids(SdpSession sdp, SdpMedia transportMedia)
    {
        var mid = transportMedia.Mid!;
        var mids = sdp.GetBundleGroup() is { } group && group.Mids.Contains(mid, StringComparer.Ordinal) ? group.Mids : [mid];
        return mids.ToHashSet(StringComparer.Ordinal);
    }

    private static bool HasIce(SdpSession sdp, SdpMedia media) => sdp.Has(media, SdpAttributeNames.IceUfrag) && sdp.Has(media, SdpAttributeNames.IcePwd);
}
