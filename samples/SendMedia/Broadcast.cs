using System.Collections.Immutable;
using SendMedia.Sources;

namespace SendMedia;

/// <summary>One source and all who watch it. Safe to use from any thread.</summary>
internal sealed class Broadcast(IMediaSource source)
{
    private ImmutableHashSet<Viewer> _viewers = [];

    public IMediaSource Source => source;

    /// <summary>How many watch.</summary>
    public int Count => _viewers.Count;

    public void Add(Viewer viewer) => ImmutableInterlocked.Update(ref _viewers, v => v.Add(viewer));

    public void Remove(Viewer viewer) => ImmutableInterlocked.Update(ref _viewers, v => v.Remove(viewer));

    /// <summary>Hands a frame to everyone.</summary>
    public void Publish(SourceFrame frame)
    {
        foreach (var viewer in _viewers)
        {
            viewer.Accept(frame);
        }
    }
}
