using WebRtcCore.Sdp;

namespace WebRtcCore.Session.Negotiation;

/// <summary>The peer's streams by id: tracks with the same msid come in the same <see cref="MediaStream"/> (W3C webrtc 4.4.1.5, RFC 8830).</summary>
internal sealed class RemoteStreams
{
    /// <summary>More streams than this are not taken from one m-line.</summary>
    private const int MaxStreams = 16;

    private readonly Dictionary<string, MediaStream> _streams = new(StringComparer.Ordinal);

    /// <summary>The streams that an m-line names. Ids that RFC 8830 does not allow name none.</summary>
    internal IReadOnlyList<MediaStream> Read(SdpMedia media)
    {
        var ids = media.Attributes.GetAll<SdpMsid>().Select(m => m.StreamId).ToArray();
        if (ids.Length == 0)
        {
            // Older peers say it per source.
            ids =
            [
                .. media.Attributes.GetAll<SdpSsrc>()
                    .Where(s => s.Attribute == SdpMsid.AttributeName && s.Value is not null)
                    .Select(s => s.Value!.Split(' ')[0]),
            ];
        }

        return [.. ids.Where(id => id != SdpMsid.NoStream && MsidSyntax.IsToken(id)).Distinct(StringComparer.Ordinal).Take(MaxStreams).Select(Get)];
    }

    /// <summary>Puts a receiver's track into exactly these streams.</summary>
    internal void Assign(RtpReceiver receiver, IReadOnlyList<MediaStream> streams)
    {
        foreach (var left in receiver.Streams.Except(streams).ToArray())
        {
            left.Remove(receiver.Track);
            receiver.Streams.Remove(left);
            if (left.GetTracks().Count == 0)
            {
                _streams.Remove(left.Id);
            }
        }

        foreach (var joined in streams.Except(receiver.Streams).ToArray())
        {
            joined.Add(receiver.Track);
            receiver.Streams.Add(joined);
            _streams[joined.Id] = joined;
        }
    }

    private MediaStream Get(string id)
    {
        if (!_streams.TryGetValue(id, out var stream))
        {
            _streams[id] = stream = new MediaStream(id);
        }

        return stream;
    }
}
