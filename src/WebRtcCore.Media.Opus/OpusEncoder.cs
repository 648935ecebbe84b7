namespace WebRtcCore.Media.Opus;

/// <summary>Encodes Opus with libopus. Not for several threads at once; encoding allocates nothing.</summary>
public sealed unsafe class OpusEncoder : IAudioEncoder
{
    // opus_encode: a packet of two bytes or less says that nothing needs to be sent.
    private const int MaxSilentLength = 2;

    private readonly OpusOptions _options;
    private readonly OpusEncoderHandle _handle;
    private int _bitrateBps;
    private int _expectedLoss;

    /// <summary>Creates an encoder.</summary>
    /// <param name="format">The PCM: 8, 12, 16, 24 or 48 kHz, mono or stereo.</param>
    /// <param name="options">The rest, as it is wanted.</param>
    /// <exception cref="DllNotFoundException">libopus is not installed; the message names the package.</exception>
    /// <exception cref="ArgumentException">The format or an option is out of range.</exception>
    public OpusEncoder(AudioFormat format, OpusOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        OpusDecoder.ThrowIfNotSupported(format);
        Format = format;
        FrameSize = (int)(options.FrameDuration.Ticks * format.SampleRate / TimeSpan.TicksPerSecond);
        _options = options;
        _handle = new OpusEncoderHandle(OpusLibrary.EncoderCreate(format.SampleRate, format.Channels, (int)options.Application, out var error));
        if (_handle.IsInvalid)
        {
            throw new InvalidOperationException($"libopus made no encoder: error {error}.");
        }

        Control(OpusControl.SetComplexity, options.Complexity);
        Control(OpusControl.SetVbr, options.ConstantBitrate ? 0 : 1);
        Control(OpusControl.SetVbrConstraint, 1);
        Control(OpusControl.SetInbandFec, options.InbandFec ? 1 : 0);
        Control(OpusControl.SetDtx, options.Dtx ? 1 : 0);
        Control(OpusControl.SetMaxBandwidth, ToBandwidth(options.MaxPlaybackRate));
        SetTargetBitrate(options.BitrateBps);
    }

    /// <inheritdoc/>
    public AudioFormat Format { get; }

    /// <inheritdoc/>
    public int FrameSize { get; }

    /// <inheritdoc/>
    public int MaxEncodedSize => _options.MaxPacketSize;

    /// <summary>The bit rate that it makes now, in bits per second.</summary>
    public int BitrateBps => _bitrateBps;

    /// <summary>The share of lost packets that it expects now, in percent.</summary>
    public int ExpectedLossPercentage => _expectedLoss;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    /// <exception cref="ObjectDisposedException">It has been disposed.</exception>
    public int Encode(ReadOnlySpan<short> pcm, Span<byte> encoded)
    {
        if (pcm.Length < FrameSize * Format.Channels || encoded.Length < MaxEncodedSize)
        {
            throw new ArgumentException($"A frame is {FrameSize * Format.Channels} samples and up to {MaxEncodedSize} bytes, not {pcm.Length} and {encoded.Length}.");
        }

        fixed (short* source = pcm)
        fixed (byte* destination = encoded)
        {
            var length = OpusLibrary.Encode(_handle, source, FrameSize, destination, MaxEncodedSize);
            if (length < 0)
            {
                throw new InvalidOperationException($"libopus did not encode: error {length}.");
            }

            return _options.Dtx && length <= MaxSilentLength ? 0 : length;
        }
    }

    /// <inheritdoc/>
    /// <remarks>Stays within <see cref="OpusOptions.MinBitrateBps"/> and the options' <see cref="OpusOptions.BitrateBps"/>.</remarks>
    public void SetTargetBitrate(long bitrateBps)
    {
        var bitrate = (int)Math.Clamp(bitrateBps, OpusOptions.MinBitrateBps, _options.BitrateBps);
        if (bitrate != _bitrateBps)
        {
            _bitrateBps = bitrate;
            Control(OpusControl.SetBitrate, bitrate);
        }
    }

    /// <inheritdoc/>
    public void SetExpectedLoss(double fraction)
    {
        var percentage = double.IsNaN(fraction) ? 0 : (int)Math.Clamp(Math.Round(fraction * 100), 0, 100);
        if (percentage != _expectedLoss)
        {
            _expectedLoss = percentage;
            Control(OpusControl.SetPacketLossPercentage, percentage);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    // RFC 7587 3.1.1: what a decoder that plays at a rate can make use of.
    private static int ToBandwidth(int playbackRate) => playbackRate switch
    {
        < 12_000 => 1101,
        < 16_000 => 1102,
        < 24_000 => 1103,
        < 48_000 => 1104,
        _ => 1105,
    };

    private void Control(OpusControl request, int value)
    {
        if (OpusLibrary.EncoderControl(_handle, request, value) is < 0 and var error)
        {
            throw new InvalidOperationException($"libopus did not take {request} {value}: error {error}.");
        }
    }
}
