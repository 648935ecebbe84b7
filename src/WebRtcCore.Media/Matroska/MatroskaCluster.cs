namespace WebRtcCore.Media.Matroska;

/// <summary>The frames of some seconds, gathered until the cluster is written (RFC 9559, 5.1.3).</summary>
internal sealed class MatroskaCluster
{
    private const int BlockHeaderLength = 4;
    private const byte KeyFrameFlag = 0x80;
    private const byte TrackNumberMarker = 0x80;
    private readonly EbmlBuffer _blocks = new();

    /// <summary>The time of the first frame, in milliseconds.</summary>
    public long Timestamp { get; private set; }

    /// <summary>Bytes gathered.</summary>
    public int Length => _blocks.Length;

    public bool IsEmpty => _blocks.Length == 0;

    /// <summary>The track whose key frame begins the cluster, so that a player may begin here; 0 if there is none.</summary>
    public int CueTrack { get; private set; }

    /// <summary>Whether a time can be said relative to the cluster's: it has 16 bits, signed.</summary>
    public bool Reaches(long timestamp) => timestamp - Timestamp is >= short.MinValue and <= short.MaxValue;

    /// <summary>Adds a frame; the first one makes the time of the cluster.</summary>
    public void Add(MatroskaTrack track, long timestamp, ReadOnlySpan<byte> frame, bool isKeyFrame, bool isCue)
    {
        if (IsEmpty)
        {
            Timestamp = timestamp;
            CueTrack = isCue ? track.Number : 0;
        }

        var relative = (short)(timestamp - Timestamp);
        _blocks.WriteHead(MatroskaId.SimpleBlock, BlockHeaderLength + frame.Length);
        _blocks.WriteRaw([(byte)(TrackNumberMarker | track.Number), (byte)(relative >> 8), (byte)relative, isKeyFrame ? KeyFrameFlag : (byte)0]);
        _blocks.WriteRaw(frame);
    }

    /// <summary>Writes the cluster and begins anew.</summary>
    public void WriteTo(EbmlBuffer destination)
    {
        var timestamp = new EbmlBuffer();
        timestamp.WriteUnsigned(MatroskaId.Timestamp, (ulong)Timestamp);
        destination.WriteHead(MatroskaId.Cluster, timestamp.Length + _blocks.Length);
        destination.WriteRaw(timestamp.Written.Span);
        destination.WriteRaw(_blocks.Written.Span);
        _blocks.Clear();
    }
}
