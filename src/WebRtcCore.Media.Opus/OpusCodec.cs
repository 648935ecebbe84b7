namespace WebRtcCore.Media.Opus;

/// <summary>
/// Opus (RFC 6716, 7587) over the system's libopus, to be registered with <c>PeerConnectionOptions.AudioCodecs</c>. What the peer's <c>a=fmtp</c> asks for goes before
/// the options: <c>stereo</c>, <c>useinbandfec</c>, <c>usedtx</c>, <c>cbr</c>, <c>maxaveragebitrate</c>, <c>maxplaybackrate</c>.
/// </summary>
public sealed class OpusCodec : IAudioCodec
{
    private readonly OpusOptions _options;

    /// <summary>Creates a codec with default options.</summary>
    public OpusCodec()
        : this(OpusOptions.Default)
    {
    }

    /// <summary>Creates a codec.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public OpusCodec(OpusOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
    }

    /// <inheritdoc/>
    public bool Supports(CodecFormat format)
    {
        ArgumentNullException.ThrowIfNull(format);
        return format.IsType("audio/opus") && format.ClockRate == OpusRates.Clock;
    }

    /// <inheritdoc/>
    /// <exception cref="DllNotFoundException">libopus is not installed.</exception>
    public IAudioEncoder CreateEncoder(CodecFormat format, AudioFormat source)
    {
        ArgumentNullException.ThrowIfNull(format);

        // RFC 7587 7.1: stereo=1 says that the receiver prefers stereo; without it one channel is enough.
        var channels = format.GetParameter("stereo") == "1" ? source.Channels : 1;
        return new OpusEncoder(new AudioFormat(OpusRates.Choose(source.SampleRate), channels), _options.With(format));
    }

    /// <inheritdoc/>
    /// <exception cref="DllNotFoundException">libopus is not installed.</exception>
    public IAudioDecoder CreateDecoder(CodecFormat format, AudioFormat destination) =>
        new OpusDecoder(new AudioFormat(OpusRates.Choose(destination.SampleRate), destination.Channels));
}
