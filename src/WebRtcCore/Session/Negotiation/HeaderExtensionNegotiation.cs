using WebRtcCore.Sdp;

namespace WebRtcCore.Session.Negotiation;

/// <summary>
/// The header extension ids of the BUNDLE group (RFC 8285 6, RFC 8843 9.2): one URI has one id in all m-lines and one id means one URI.
/// What was negotiated stays; new ones get the lowest free id.
/// </summary>
internal sealed class HeaderExtensionNegotiation
{
    /// <summary>The greatest id of the one-byte form; 15 ends a packet's extensions there (RFC 8285 4.2).</summary>
    private const int MaxOneByteId = 14;

    private const int MaxTwoByteId = 255;

    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);

    /// <summary>Takes over the ids that an answer has settled.</summary>
    internal void Learn(SdpMedia media)
    {
        foreach (var extension in media.Attributes.GetAll<SdpExtensionMap>())
        {
            if (extension.Id <= MaxTwoByteId)
            {
                foreach (var stale in _ids.Where(p => p.Value == extension.Id && p.Key != extension.Uri).Select(p => p.Key).ToArray())
                {
                    _ids.Remove(stale);
                }

                _ids[extension.Uri] = extension.Id;
            }
        }
    }

    /// <summary>The lines of an own offer.</summary>
    internal IEnumerable<SdpExtensionMap> Offer(IReadOnlyList<RtpHeaderExtensionCapability> wanted)
    {
        foreach (var extension in wanted)
        {
            if (FindOrTake(extension.Uri) is { } id)
            {
                yield return new SdpExtensionMap(id, extension.Uri);
            }
        }
    }

    /// <summary>The lines of an answer: those of the offer that this side knows, with its ids and the direction as seen from here.</summary>
    internal static IEnumerable<SdpExtensionMap> Answer(SdpSession offer, SdpMedia media, IReadOnlyList<RtpHeaderExtensionCapability> wanted)
    {
        var maxId = offer.Has(media, SdpAttributeNames.ExtmapAllowMixed) ? MaxTwoByteId : MaxOneByteId;
        var answered = new HashSet<string>(StringComparer.Ordinal);
        foreach (var extension in media.Attributes.GetAll<SdpExtensionMap>())
        {
            if (extension.Id <= maxId && wanted.Any(w => w.Uri == extension.Uri) && answered.Add(extension.Uri))
            {
                yield return extension with { Direction = extension.Direction?.Reverse() };
            }
        }
    }

    /// <summary>What both descriptions have, with the peer's ids.</summary>
    internal static IReadOnlyList<RtpHeaderExtensionParameters> Combine(SdpMedia local, SdpMedia remote)
    {
        var own = local.Attributes.GetAll<SdpExtensionMap>().Select(e => e.Uri).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. remote.Attributes.GetAll<SdpExtensionMap>()
                .Where(e => e.Id <= MaxTwoByteId && own.Contains(e.Uri))
                .DistinctBy(e => e.Uri)
                .Select(e => new RtpHeaderExtensionParameters(e.Uri, e.Id)),
        ];
    }

    /// <summary>Whether an id stands for two URIs in the m-lines that share a transport; Chromium refuses that too.</summary>
    internal static bool HasConflict(IEnumerable<SdpMedia> bundled)
    {
        var uris = new Dictionary<int, string>();
        foreach (var extension in bundled.SelectMany(m => m.Attributes.GetAll<SdpExtensionMap>()))
        {
            if (!uris.TryAdd(extension.Id, extension.Uri) && uris[extension.Id] != extension.Uri)
            {
                return true;
            }
        }

        return false;
    }

    private int? FindOrTake(string uri)
    {
        if (_ids.TryGetValue(uri, out var known))
        {
            return known;
        }

        for (var id = 1; id <= MaxTwoByteId; id++)
        {
            if (id != MaxOneByteId + 1 && !_ids.ContainsValue(id))
            {
                _ids[uri] = id;
                return id;
            }
        }

        return null;
    }
}
