namespace WebRtcCore;

/// <summary>
/// W3C <c>MediaStreamTrack</c>: the identity and life of one source of media. A local one is made by the application, which sends through the
/// <see cref="RtpSender"/> that it is attached to; a remote one comes with a <see cref="RtpReceiver"/>.
/// </summary>
public sealed class MediaStreamTrack
{
    private volatile bool _enabled = true;
    private volatile bool _muted;
    private volatile bool _ended;

    /// <summary>Creates a local track with a random id.</summary>
    public MediaStreamTrack(MediaKind kind)
        : this(kind, Guid.NewGuid().ToString(), "")
    {
    }

    /// <summary>Creates a local track.</summary>
    /// <param name="kind">Audio or video.</param>
    /// <param name="id">The id that the peer may see: 1 to 64 token characters.</param>
    /// <param name="label">A name for people; stays here.</param>
    public MediaStreamTrack(MediaKind kind, string id, string label)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        MsidSyntax.ThrowIfNotToken(id, nameof(id));
        Kind = kind;
        Id = id;
        Label = label;
    }

    /// <summary>Audio or video.</summary>
    public MediaKind Kind { get; }

    /// <summary>The id.</summary>
    public string Id { get; }

    /// <summary>A name for people.</summary>
    public string Label { get; }

    /// <summary>Whether media flows: packets of a disabled track are not sent.</summary>
    public bool Enabled
    {
        get => _enabled;
        set => _enabled = value;
    }

    /// <summary>Whether the source currently gives no media: a remote track is muted until its first packet.</summary>
    public bool Muted => _muted;

    /// <summary>Whether media may still come.</summary>
    public MediaStreamTrackState ReadyState => _ended ? MediaStreamTrackState.Ended : MediaStreamTrackState.Live;

    /// <summary>The source stopped giving media for now.</summary>
    public event EventHandler? Mute;

    /// <summary>The source gives media again.</summary>
    public event EventHandler? Unmute;

    /// <summary>No more media will come, and not because <see cref="Stop"/> was called.</summary>
    public event EventHandler? Ended;

    /// <summary>Ends the track; its senders send no more.</summary>
    public void Stop() => _ended = true;

    /// <summary>A new track of the same kind and label, with its own id and life.</summary>
    public MediaStreamTrack Clone() => new(Kind, Guid.NewGuid().ToString(), Label) { Enabled = Enabled };

    internal void SetMuted(bool muted)
    {
        if (_muted == muted || _ended)
        {
            return;
        }

        _muted = muted;
        (muted ? Mute : Unmute)?.Invoke(this, EventArgs.Empty);
    }

    // A remote track starts muted without an event (W3C webrtc 5.3).
    internal void InitializeMuted() => _muted = true;

    internal void End()
    {
        if (!_ended)
        {
            _ended = true;
            Ended?.Invoke(this, EventArgs.Empty);
        }
    }
}
