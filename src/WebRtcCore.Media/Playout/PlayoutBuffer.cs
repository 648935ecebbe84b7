using WebRtcCore.Primitives;

namespace WebRtcCore.Media.Playout;

/// <summary>
/// Turns the packets of one audio stream, as irregular as the network delivers them, into an even flow of sound: 10 ms at a time, as late as nearly all packets
/// need and no later. Missing packets are recovered from in-band redundancy or made up; when too much or too little waits, sound is played faster or slower at
/// the same pitch.
/// </summary>
/// <remarks>
/// <code>
/// packets -> PlayoutPackets -> PlayoutDecoder -> SampleQueue -> 10 ms
///    |                             |   ^             |   ^
///    v                             |   | lost        v   | too much, too little
/// ArrivalDelayEstimator            '-> LossConcealer    TimeStretcher
/// </code>
/// It is told the time and has no clock, task or lock of its own: not for several threads at once. In steady state it allocates nothing. What a peer can make
/// grow is bounded: packets that wait by <see cref="PlayoutOptions.MaxPackets"/>, each by <see cref="MaxPacketDuration"/>.
/// </remarks>
public sealed class PlayoutBuffer : IDisposable
{
    /// <summary>Packets that sound longer are discarded.</summary>
    public static readonly TimeSpan MaxPacketDuration = TimeSpan.FromMilliseconds(250);

    // A step of time in the stream beyond this is of a sender that began anew, not a pause to be waited for.
    private static readonly TimeSpan MaxGap = TimeSpan.FromSeconds(1);

    private readonly PlayoutOptions _options;
    private readonly int _frame;
    private readonly Dictionary<byte, PlayoutDecoder> _decoders = [];
    private readonly ArrivalDelayEstimator _arrivals = new();
    private readonly PlayoutPackets _packets;
    private readonly SampleQueue _queue;
    private readonly LossConcealer _concealer;
    private readonly PlayoutLevel _level;
    private readonly PlayoutCounters _counters;
    private readonly short[] _scratch;
    private PlayoutDecoder? _current;
    private bool _hasStarted;
    private Instant _firstArrival;
    private long _newestTimestamp;
    private long _nextNumber;
    private long _nextTimestamp;

    // Samples per channel already played, made up or silent, of what lies before the next packet.
    private long _covered;
    private int _lastDuration;

    /// <summary>Creates a buffer without decoders.</summary>
    /// <param name="format">The PCM to be played.</param>
    /// <param name="options">Bounds.</param>
    /// <exception cref="ArgumentOutOfRangeException">The format or an option is out of range.</exception>
    public PlayoutBuffer(AudioFormat format, PlayoutOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        format.ThrowIfNotValid(nameof(format));
        options.Validate();
        Format = format;
        _options = options;
        _frame = format.SamplesPer10Ms;
        var pitch = new PitchSearch(format);
        _packets = new PlayoutPackets(options.MaxPackets);
        _queue = new SampleQueue(pitch.WindowLength * format.Channels, format.SampleRate / 2 * format.Channels);
        _concealer = new LossConcealer(format, pitch);
        _counters = new PlayoutCounters(format);
        _level = new PlayoutLevel(format, options, new TimeStretcher(format, pitch), _counters);
        _scratch = new short[_frame * format.Channels];
    }

    /// <summary>The PCM that is played.</summary>
    public AudioFormat Format { get; }

    /// <summary>Samples of 10 ms, of all channels.</summary>
    public int FrameLength => _frame * Format.Channels;

    /// <summary>Says what decodes a payload type. The decoder is <em>given</em>: it is disposed with the buffer, or when another takes its place.</summary>
    public void SetDecoder(byte payloadType, int clockRate, IAudioDecoder decoder)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(clockRate);
        if (_decoders.Remove(payloadType, out var previous))
        {
            Reset();
            previous.Dispose();
        }

        _decoders.Add(payloadType, new PlayoutDecoder(decoder, clockRate, Format));
    }

    /// <summary>Whether there is a decoder for a payload type.</summary>
    public bool HasDecoder(byte payloadType) => _decoders.ContainsKey(payloadType);

    /// <summary>Takes a packet in.</summary>
    /// <param name="payloadType">What it carries.</param>
    /// <param name="extendedSequenceNumber">Its number without wrap-around.</param>
    /// <param name="timestampTicks">Its RTP timestamp.</param>
    /// <param name="payload">What is to be decoded; borrowed.</param>
    /// <param name="arrival">When it arrived. Not earlier than those before.</param>
    /// <returns><see langword="false"/> if it is discarded: late, twice, malformed or without a decoder.</returns>
    public bool Insert(byte payloadType, long extendedSequenceNumber, uint timestampTicks, ReadOnlySpan<byte> payload, Instant arrival)
    {
        if (!_decoders.TryGetValue(payloadType, out var decoder) || decoder.GetDuration(payload) is not (> 0 and var duration) ||
            duration > MaxPacketDuration.TotalSeconds * Format.SampleRate)
        {
            _counters.PacketsDiscarded++;
            return false;
        }

        var timestamp = Unwrap(timestampTicks);
        _arrivals.OnPacket(TimeSpan.FromSeconds((double)timestamp / decoder.ClockRate), arrival);
        if (_hasStarted && extendedSequenceNumber < _nextNumber)
        {
            _counters.PacketsLate++;
            return false;
        }

        if (_packets.IsFull)
        {
            _counters.PacketsDiscarded++;
            DropFirst();
        }

        var packet = _packets.Rent();
        packet.Set(extendedSequenceNumber, timestamp, decoder, payload, duration, arrival);
        if (!_packets.TryAdd(packet))
        {
            _counters.PacketsDiscarded++;
            return false;
        }

        if (_packets.Count == 1 && !_hasStarted)
        {
            _firstArrival = arrival;
        }

        return true;
    }

    /// <summary>Gives the next 10 ms. To be called every 10 ms, on average.</summary>
    /// <param name="pcm"><see cref="FrameLength"/> samples, all of which are written.</param>
    /// <param name="now">The present.</param>
    /// <exception cref="ArgumentException"><paramref name="pcm"/> has another length.</exception>
    public PlayoutFrameKind GetFrame(Span<short> pcm, Instant now)
    {
        if (pcm.Length != FrameLength)
        {
            throw new ArgumentException($"10 ms are {FrameLength} samples, not {pcm.Length}.", nameof(pcm));
        }

        if (!TryStart(now))
        {
            pcm.Clear();
            return PlayoutFrameKind.Silence;
        }

        _counters.BeginFrame();
        _level.Update(_arrivals, _lastDuration, Waiting);
        while (_queue.Count < FrameLength)
        {
            FillOnce(now);
        }

        _level.Adjust(_queue, Waiting, this, now);
        _queue.Take(pcm);
        return _counters.EndFrame(pcm, _concealer.IsActive && _concealer.IsSilent);
    }

    /// <summary>What it has done so far.</summary>
    public PlayoutStats GetStats() => _counters.ToStats() with { TargetDelay = _level.Target, CurrentDelay = Format.ToDuration(Waiting) };

    /// <summary>Forgets the stream, for another to come: what waits is dropped. Decoders and statistics stay.</summary>
    public void Reset()
    {
        _packets.Clear();
        _arrivals.Reset();
        _concealer.Reset();
        _queue.Clear();
        _hasStarted = false;
        _current = null;
        _covered = 0;
        _newestTimestamp = 0;
    }

    /// <summary>Disposes of the decoders.</summary>
    public void Dispose()
    {
        foreach (var decoder in _decoders.Values)
        {
            decoder.Dispose();
        }

        _decoders.Clear();
        _packets.Clear();
    }

    // Samples per channel that wait, decoded and not.
    private long Waiting => (_queue.Count / Format.Channels) + _packets.Duration;

    /// <summary>Decodes the next packet ahead of time, if it follows without a gap: a step of time-stretching needs more than 10 ms.</summary>
    internal bool TryDecodeAhead(Instant now)
    {
        if (_concealer.IsActive || _covered != 0 || !_packets.TryPeek(out var packet) || packet.Number != _nextNumber || packet.Timestamp != _nextTimestamp ||
            packet.Decoder != _current)
        {
            return false;
        }

        return Decode(packet, now);
    }

    private long Unwrap(uint timestampTicks)
    {
        var timestamp = _newestTimestamp + (int)(timestampTicks - (uint)_newestTimestamp);
        _newestTimestamp = Math.Max(timestamp, _newestTimestamp);

        // A sender that begins anew may go back as far as it likes.
        if (timestamp < _newestTimestamp - int.MaxValue / 2 || (!_hasStarted && _packets.Count == 0))
        {
            _newestTimestamp = timestamp;
        }

        return timestamp;
    }

    private void DropFirst()
    {
        if (_packets.TryPeek(out var packet))
        {
            _nextNumber = packet.Number + 1;
            _nextTimestamp = packet.Timestamp + ((long)packet.Duration * packet.Decoder.ClockRate / Format.SampleRate);
            _packets.RemoveFirst();
        }
    }

    // Begins when as much waits as is aimed at, or would wait if packets came steadily.
    private bool TryStart(Instant now)
    {
        if (_hasStarted)
        {
            return true;
        }

        if (!_packets.TryPeek(out var packet))
        {
            return false;
        }

        var target = _level.GetTarget(_arrivals, packet.Duration);
        if (Format.ToDuration(_packets.Duration) < target && now - _firstArrival < target)
        {
            return false;
        }

        _hasStarted = true;
        _nextNumber = packet.Number;
        _nextTimestamp = packet.Timestamp;
        _current = packet.Decoder;
        _level.Start(_packets.Duration);
        return true;
    }

    private void FillOnce(Instant now)
    {
        if (!_packets.TryPeek(out var packet))
        {
            // Late, lost or silent: which of them shows with the next packet.
            Conceal(_frame);
            return;
        }

        var gap = packet.Decoder.ToSamples(packet.Timestamp - _nextTimestamp) - _covered;
        if (packet.Decoder != _current || gap <= 0 || gap > MaxGap.TotalSeconds * Format.SampleRate)
        {
            Decode(packet, now);
            return;
        }

        if (packet.Number == _nextNumber)
        {
            // Nothing is lost: the sender was silent. What is left of the pause is where the delay can be set right at no cost.
            if (_level.IsEnough(Waiting))
            {
                Decode(packet, now);
                return;
            }

            Conceal((int)Math.Min(gap, _frame));
            return;
        }

        if (gap == packet.Duration && TryRecover(packet))
        {
            return;
        }

        Conceal((int)Math.Min(gap, _frame));
        _counters.OnLoss();
    }

    private bool Decode(PlayoutPacket packet, Instant now)
    {
        var isSilence = packet.Number == _nextNumber && packet.Decoder.ToSamples(packet.Timestamp - _nextTimestamp) > packet.Duration / 2;
        _packets.RemoveFirst();
        _current = packet.Decoder;
        _nextNumber = packet.Number + 1;
        _nextTimestamp = packet.Timestamp + ((long)packet.Duration * packet.Decoder.ClockRate / Format.SampleRate);
        _lastDuration = packet.Duration;
        var waited = (now - packet.Arrival) + Format.ToDuration(_queue.Count / Format.Channels);
        var decoded = packet.Decoder.Decode(packet.Payload);
        if (decoded.IsEmpty)
        {
            _counters.PacketsDiscarded++;
            Conceal(packet.Duration);
            _counters.OnLoss();
            return false;
        }

        _covered = 0;
        _counters.OnResume(isSilence);
        _counters.OnDecoded(packet.Duration, waited, _level.Target, _arrivals.Delay);
        Append(decoded);
        return true;
    }

    // What is made up must not end with a click.
    private void Append(ReadOnlySpan<short> decoded)
    {
        var room = _queue.GetRoom(decoded.Length);
        decoded.CopyTo(room);
        if (_concealer.IsActive)
        {
            _concealer.Finish(room, _scratch);
        }

        _queue.Append(decoded.Length);
    }

    private bool TryRecover(PlayoutPacket following)
    {
        var recovered = following.Decoder.DecodeRedundancy(following.Payload, following.Duration);
        if (recovered.IsEmpty)
        {
            return false;
        }

        _covered += following.Duration;
        _counters.PacketsRecovered++;
        _counters.OnResume(isSilence: false);
        Append(recovered);
        return true;
    }

    private void Conceal(int samples)
    {
        _covered += samples;
        var concealed = _concealer.IsActive || _current is null ? default : _current.Conceal(samples);
        if (!concealed.IsEmpty)
        {
            _queue.Append(concealed);
            _counters.OnConcealed(concealed.Length / Format.Channels, isSilent: false);
            return;
        }

        if (!_concealer.IsActive)
        {
            _concealer.Start(_queue.Tail);
        }

        var isSilent = _concealer.IsSilent;
        var length = samples * Format.Channels;
        _concealer.Fill(_queue.GetRoom(length));
        _queue.Append(length);
        _counters.OnConcealed(samples, isSilent);
    }
}
