namespace WebRtcCore;

/// <summary>Tracks that belong together, and are played in step: W3C <c>MediaStream</c>, as far as a connection needs it.</summary>
public sealed class MediaStream
{
    private readonly List<MediaStreamTrack> _tracks = [];

    /// <summary>Creates a stream with a random id.</summary>
    public MediaStream()
        : this(Guid.NewGuid().ToString())
    {
    }

    /// <summary>Creates a stream with the given id, the msid's first part.</summary>
    /// <param name="id">1 to 64 characters of RFC 4566's token.</param>
    public MediaStream(string id)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        MsidSyntax.ThrowIfNotToken(id, nameof(id));
        Id = id;
    }

    /// <summary>The id that the peer sees too.</summary>
    public string Id { get; }

    /// <summary>A snapshot of the tracks.</summary>
    public IReadOnlyList<MediaStreamTrack> GetTracks()
    {
        lock (_tracks)
        {
            return [.. _tracks];
        }
    }

    internal void Add(MediaStreamTrack track)
    {
        lock (_tracks)
        {
            if (!_tracks.Contains(track))
            {
                _tracks.Add(track);
            }
        }
    }

    internal void Remove(MediaStreamTrack track)
    {
        lock (_tracks)
        {
            _tracks.Remove(track);
        }
    }
}
