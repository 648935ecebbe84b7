using System.Buffers;
using WebRtcCore.Media;
using WebRtcCore.Media.Audio;

namespace WebRtcCore;

/// <summary>
/// W3C <c>MediaStreamTrack</c>: the identity and life of one source of media. A local one is made by the application, which feeds it with sound
/// (<see cref="WriteAudio(ReadOnlySpan{short}, AudioFormat)"/>) or pictures (<see cref="WritePicture"/>) for all the senders that it is attached to, of one or many
/// connections, or gives packets or encoded frames to a <see cref="RtpSender"/> itself. A remote one comes with a <see cref="RtpReceiver"/>.
/// </summary>
public sealed class MediaStreamTrack
{
    private volatile bool _enabled = true;
    private volatile bool _muted;
    private volatile bool _ended;
    private readonly Lock _gate = new();

    // Replaced as a whole, so that writing needs no lock.
    private volatile RtpSender[] _senders = [];
    private AudioLevelMeter? _level;
    private long _pictures;
    private long _pictureSize;
    private bool _isRemote;

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

    /// <summary>
    /// Gives the next sound of a local audio track to every sender that it is attached to; each encodes it with the first codec that is negotiated and registered
    /// (<see cref="PeerConnectionOptions.AudioCodecs"/>), on the caller's thread, and drops it while it may not send. To be written as it comes, at the pace at which it
    /// is heard; after a pause of more than 200 ms the timestamps follow the clock. One writer at a time.
    /// </summary>
    /// <param name="samples">16-bit samples, those of all channels of one moment side by side; any number of them; <em>borrowed</em>.</param>
    /// <param name="format">Their rate and channels; may change from call to call.</param>
    /// <exception cref="InvalidOperationException">This is a video track or a remote one.</exception>
    /// <exception cref="ArgumentException">The format is not valid, or not a whole number of samples for each channel.</exception>
    public void WriteAudio(ReadOnlySpan<short> samples, AudioFormat format)
    {
        ThrowIfNotWritable(MediaKind.Audio);
        if (!format.IsValid || samples.Length % format.Channels != 0)
        {
            throw new ArgumentException($"{samples.Length} samples are no sound of {format}.", nameof(format));
        }

        if (_ended)
        {
            return;
        }

        (_level ??= new AudioLevelMeter()).Add(samples, format);
        foreach (var sender in _senders)
        {
            sender.WriteAudio(samples, format);
        }
    }

    /// <summary>As <see cref="WriteAudio(ReadOnlySpan{short}, AudioFormat)"/>, with samples from -1 to 1; what is beyond is clipped.</summary>
    /// <param name="samples">Samples, those of all channels of one moment side by side; any number of them; <em>borrowed</em>.</param>
    /// <param name="format">Their rate and channels; may change from call to call.</param>
    /// <exception cref="InvalidOperationException">This is a video track or a remote one.</exception>
    /// <exception cref="ArgumentException">The format is not valid, or not a whole number of samples for each channel.</exception>
    public void WriteAudio(ReadOnlySpan<float> samples, AudioFormat format)
    {
        var rented = ArrayPool<short>.Shared.Rent(samples.Length);
        for (var i = 0; i < samples.Length; i++)
        {
            rented[i] = (short)Math.Clamp(samples[i] * short.MaxValue, short.MinValue, short.MaxValue);
        }

        try
        {
            WriteAudio(rented.AsSpan(0, samples.Length), format);
        }
        finally
        {
            ArrayPool<short>.Shared.Return(rented);
        }
    }

    /// <summary>
    /// Gives the next picture of a local video track to every sender that it is attached to; each encodes it with the first codec that is negotiated and registered
    /// (<see cref="PeerConnectionOptions.VideoCodecs"/>), on the caller's thread, and drops it while it may not send. One writer at a time.
    /// </summary>
    /// <param name="picture">The picture; <em>borrowed</em>, as long as the encoders keep to their contract.</param>
    /// <exception cref="InvalidOperationException">This is an audio track or a remote one.</exception>
    public void WritePicture(VideoPicture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ThrowIfNotWritable(MediaKind.Video);
        if (_ended)
        {
            return;
        }

        Interlocked.Exchange(ref _pictureSize, ((long)picture.Width << 32) | (uint)picture.Height);
        Interlocked.Increment(ref _pictures);
        foreach (var sender in _senders)
        {
            sender.WritePicture(picture);
        }
    }

    /// <summary>How loud what was written is; <see langword="null"/> where no PCM was.</summary>
    internal AudioLevelMeter? AudioLevel => _level;

    /// <summary>Pictures written.</summary>
    internal long Pictures => Interlocked.Read(ref _pictures);

    /// <summary>The size of the last one; <see langword="null"/> where none was.</summary>
    internal (int Width, int Height)? PictureSize => Interlocked.Read(ref _pictureSize) is var size and not 0 ? ((int)(size >> 32), (int)size) : null;

    internal void Attach(RtpSender sender)
    {
        lock (_gate)
        {
            _senders = [.. _senders, sender];
        }
    }

    internal void Detach(RtpSender sender)
    {
        lock (_gate)
        {
            _senders = [.. _senders.Where(attached => attached != sender)];
        }
    }

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
    internal void InitializeMuted()
    {
        _muted = true;
        _isRemote = true;
    }

    internal void End()
    {
        if (!_ended)
        {
            _ended = true;
            Ended?.Invoke(this, EventArgs.Empty);
        }
    }

    private void ThrowIfNotWritable(MediaKind kind)
    {
        if (Kind != kind || _isRemote)
        {
            throw new InvalidOperationException($"This is no local {kind.ToW3CString()} track.");
        }
    }
}
