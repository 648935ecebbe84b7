namespace WebRtcCore.Sdp;

/// <summary><c>a=msid:&lt;stream&gt; [&lt;track&gt;]</c> (RFC 8830 2).</summary>
/// <param name="StreamId">The stream; <c>-</c> for a track in no stream.</param>
/// <param name="TrackId">The track, or <see langword="null"/> where it is left out.</param>
public readonly record struct SdpMsid(string StreamId, string? TrackId = null) : ISdpAttribute<SdpMsid>
{
    /// <summary>The stream of a track that is in none (RFC 8829 5.2.1).</summary>
    public const string NoStream = "-";

    /// <inheritdoc/>
    public static string AttributeName => "msid";

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> value, out SdpMsid attribute)
    {
        var reader = new SdpFieldReader(value);
        if (!reader.TryRead(out var stream))
        {
            attribute = default;
            return false;
        }

        attribute = new SdpMsid(stream.ToString(), reader.TryRead(out var track) ? track.ToString() : null);
        return true;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">An id is empty or holds a space.</exception>
    public string ToValue()
    {
        var stream = SdpText.RequireField(StreamId, nameof(StreamId));
        return TrackId is null ? stream : $"{stream} {SdpText.RequireField(TrackId, nameof(TrackId))}";
    }

    internal static bool IsWellFormed(ReadOnlySpan<char> value) => new SdpFieldReader(value).TryRead(out _);
}
