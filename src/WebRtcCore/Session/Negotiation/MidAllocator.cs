using System.Globalization;
using WebRtcCore.Sdp;

namespace WebRtcCore.Session.Negotiation;

/// <summary>Names m-lines: the smallest numbers that no description of this connection has used. A transceiver keeps the name planned for it.</summary>
internal sealed class MidAllocator
{
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);
    private readonly Dictionary<object, string> _planned = [];
    private int _next;

    /// <summary>The mid for a transceiver, or what else is to get an m-line; the same one each time until it is used.</summary>
    internal string Plan(object owner)
    {
        if (_planned.TryGetValue(owner, out var mid) && !_used.Contains(mid))
        {
            return mid;
        }

        do
        {
            mid = _next++.ToString(CultureInfo.InvariantCulture);
        }
        while (_used.Contains(mid));
        _planned[owner] = mid;
        return mid;
    }

    /// <summary>Marks the mid of an applied description as used for good.</summary>
    internal void Learn(string mid) => _used.Add(mid);

    /// <summary>A mid for a remote m-line that has none (RFC 8829 5.10); one that no other m-line of <paramref name="sdp"/> has.</summary>
    internal string Invent(SdpSession sdp)
    {
        while (true)
        {
            var mid = Plan(sdp);
            if (sdp.FindMedia(mid) is null)
            {
                _planned.Remove(sdp);
                return mid;
            }

            Learn(mid);
        }
    }
}
