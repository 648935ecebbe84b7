using System.Buffers;
using WebRtcCore.Primitives;
using WebRtcCore.Rtp.Frames;

namespace WebRtcCore.Rtp.Payloads;

/// <summary>
/// Puts the frames of one received stream together: orders the packets, waits a while for missing ones, and gives whole frames in order. Damaged ones are left
/// out and counted; whether the later ones can be decoded without them is the decoder's to judge.
/// </summary>
/// <remarks>
/// It has no clock: a missing packet is given up when the stream itself has gone on for long enough, by its timestamps. What is kept is bounded by packets and
/// bytes; beyond the bound the oldest go. After each packet call <see cref="TryTakeFrame"/> until it says <see langword="false"/>.
/// </remarks>
public sealed class RtpFrameAssembler
{
    private const int PayloadTypes = 128;

    private readonly RtpFrameAssemblerOptions _options;
    private readonly Format?[] _formats = new Format?[PayloadTypes];
    private readonly PayloadWindow _window;
    private readonly ArrayBufferWriter<byte> _frame = new();
    private bool _hasStarted;
    private uint _newestTimestamp;

    // Whether the packet before the window's first is known, so that a packet of another frame there starts that frame.
    private bool _isBoundaryKnown;
    private bool _hasLoss;
    private int? _lastNumber;
    private BufferedPayload? _discarded;
    private long _scanned;

    /// <summary>Creates an assembler with default bounds.</summary>
    public RtpFrameAssembler()
        : this(new RtpFrameAssemblerOptions())
    {
    }

    /// <summary>Creates an assembler.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A bound is not positive.</exception>
    public RtpFrameAssembler(RtpFrameAssemblerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.MaxPackets);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.MaxBytes);
        _options = options;
        _window = new PayloadWindow(options.MaxPackets);
    }

    /// <summary>Frames given.</summary>
    public long FramesAssembled { get; private set; }

    /// <summary>Frames of which packets came, but not all of them or malformed ones.</summary>
    public long FramesDamaged { get; private set; }

    /// <summary>Times that missing packets were given up.</summary>
    public long Gaps { get; private set; }

    /// <summary>Packets that came when their place had been given up, or a second time.</summary>
    public long PacketsLate { get; private set; }

    /// <summary>Whether a missing packet is given up by <see cref="GiveUp"/> alone, not because the stream has gone on.</summary>
    internal bool WaitsByClock { get; init; }

    /// <summary>Bytes of payloads that wait now.</summary>
    public int BufferedBytes => _window.Bytes;

    /// <summary>Says what a payload type carries. Packets of others are passed over.</summary>
    /// <returns><see langword="false"/> if the media type is not supported; see <see cref="RtpPayloadFormats.IsSupported"/>.</returns>
    public bool TryAddFormat(PayloadType payloadType, string mimeType, int clockRate)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(clockRate);
        ref var format = ref _formats[payloadType.Value];
        if (format?.MimeType.Equals(mimeType, StringComparison.OrdinalIgnoreCase) == true)
        {
            return true;
        }

        if (format is not null)
        {
            // What waits was of the other format.
            Restart(_window.End);
            format = null;
        }

        if (!RtpPayloadFormats.IsSupported(mimeType))
        {
            return false;
        }

        var depacketizer = RtpPayloadFormats.CreateDepacketizer(mimeType);
        var wait = depacketizer.IsOnePacketPerFrame ? _options.MaxAudioWait : _options.MaxVideoWait;
        format = new Format(mimeType, depacketizer, RtpClock.ToTicks(wait, clockRate));
        return true;
    }

    /// <summary>Takes in a packet of the stream.</summary>
    /// <param name="packet">The packet, borrowed.</param>
    /// <param name="extendedSequenceNumber">Its number without wrap-around; see <see cref="RtpReceived.ExtendedSequenceNumber"/>.</param>
    public void Add(in RtpPacketView packet, long extendedSequenceNumber) => Add(packet, extendedSequenceNumber, default, null);

    /// <summary>Takes in a packet of the stream.</summary>
    internal void Add(in RtpPacketView packet, long extendedSequenceNumber, Instant arrived, byte[]? descriptor)
    {
        if (!_hasStarted)
        {
            _hasStarted = true;
            Restart(extendedSequenceNumber);
        }

        if (extendedSequenceNumber < _window.First)
        {
            PacketsLate++;
            return;
        }

        MakeRoom(extendedSequenceNumber);
        var isFiller = packet.Payload.IsEmpty || _formats[packet.PayloadType.Value] is null;
        if (!_window.TryAdd(extendedSequenceNumber, packet, isFiller, arrived, descriptor))
        {
            PacketsLate++;
            return;
        }

        if (!isFiller && extendedSequenceNumber == _window.End - 1)
        {
            _newestTimestamp = packet.TimestampTicks;
        }

        while (_window.Bytes > _options.MaxBytes)
        {
            GiveUpFirst();
        }
    }

    /// <summary>Takes the next whole frame.</summary>
    /// <returns><see langword="false"/> if there is none yet.</returns>
    public bool TryTakeFrame(out RtpAssembledFrame? frame)
    {
        while (!_window.IsEmpty)
        {
            if (!_window.TryGet(_window.First, out var first))
            {
                if (!TrySkipRepairs() && !TryGiveUpGap())
                {
                    break;
                }
            }
            else if (first.IsFiller)
            {
                RemoveFirst();
            }
            else if (IsPartOfDiscarded(first))
            {
                Discard(first);
            }
            else if (!_isBoundaryKnown && !FormatOf(first).Depacketizer.IsFrameStart(first.Span))
            {
                FramesDamaged++;
                Discard(first);
            }
            else if (TryFindEnd(first, out var end))
            {
                if (TryAssemble(first, end, out frame))
                {
                    return true;
                }
            }
            else if (_scanned < _window.End && IsOverdue(first))
            {
                FramesDamaged++;
                Discard(first);
            }
            else
            {
                break;
            }
        }

        frame = null;
        return false;
    }

    /// <summary>
    /// Since when a packet has been known to be missing that the next frame needs, after <see cref="TryTakeFrame"/> has found no frame: when the one behind it
    /// came in.
    /// </summary>
    internal Instant? GetMissingSince()
    {
        var missing = _window.TryGet(_window.First, out _) ? _scanned : _window.First;
        for (var number = missing + 1; number < _window.End; number++)
        {
            if (_window.TryGet(number, out var next))
            {
                return next.Arrived;
            }
        }

        return null;
    }

    /// <summary>Before this number nothing is wanted any more; <see langword="null"/> before the first packet.</summary>
    internal long? FirstWanted => _hasStarted ? _window.First : null;

    /// <summary>Gives up the first frame that waits, or what is missing before it.</summary>
    internal void GiveUp() => GiveUpFirst();

    private Format FormatOf(in BufferedPayload payload) => _formats[payload.PayloadType.Value]!;

    private void Restart(long number)
    {
        _window.Reset(number);
        _scanned = number;
        _isBoundaryKnown = false;
        _discarded = null;
        _hasLoss = true;
        _lastNumber = null;
    }

    private void RemoveFirst()
    {
        _window.RemoveFirst();
        _scanned = Math.Max(_scanned, _window.First);
    }

    // Timestamps that run backwards, as of a sender that starts anew, count as far apart too.
    private bool IsOverdue(in BufferedPayload payload) =>
        !WaitsByClock && _newestTimestamp - payload.TimestampTicks > FormatOf(payload).MaxWaitTicks;

    private bool IsPartOfDiscarded(in BufferedPayload payload) => _discarded is { } discarded && discarded.IsSameFrame(payload);

    private void Discard(in BufferedPayload first)
    {
        _discarded = first.Marker ? null : first with { Bytes = null };
        _isBoundaryKnown = true;
        _hasLoss = true;
        _lastNumber = null;
        RemoveFirst();
    }

    // A far jump, as of a sender that starts anew, leaves nothing worth keeping.
    private void MakeRoom(long number)
    {
        if (number - _window.End >= _options.MaxPackets)
        {
            Gaps++;
            Restart(number);
        }

        while (!_window.HasRoomFor(number))
        {
            if (_window.IsEmpty)
            {
                Restart(number);
            }
            else
            {
                GiveUpFirst();
            }
        }
    }

    private void GiveUpFirst()
    {
        if (!_window.TryGet(_window.First, out var first))
        {
            Gaps++;
            SkipGap();
        }
        else if (first.IsFiller)
        {
            RemoveFirst();
        }
        else
        {
            FramesDamaged += IsPartOfDiscarded(first) ? 0 : 1;
            Discard(first);
        }
    }

    private bool TryGiveUpGap()
    {
        for (var number = _window.First + 1; number < _window.End; number++)
        {
            if (_window.TryGet(number, out var payload) && !payload.IsFiller)
            {
                if (!IsOverdue(payload))
                {
                    return false;
                }

                Gaps++;
                SkipGap();
                return true;
            }
        }

        return false;
    }

    // Between two pictures that follow on one another nothing of theirs is missing: what was lost there were repair packets or padding, which nobody sends again.
    private bool TrySkipRepairs()
    {
        if (!_isBoundaryKnown || _lastNumber is not { } last)
        {
            return false;
        }

        var next = _window.First + 1;
        BufferedPayload payload;
        while (!_window.TryGet(next, out payload) || payload.IsFiller)
        {
            if (++next >= _window.End)
            {
                return false;
            }
        }

        if ((FormatOf(payload).Depacketizer as IFrameDescription)?.PeekNumber(payload.Span) is not { } start
            || start.Number != ((last + 1) & ((1 << start.Bits) - 1)))
        {
            return false;
        }

        while (_window.First < next)
        {
            RemoveFirst();
        }

        return true;
    }

    private void SkipGap()
    {
        while (!_window.IsEmpty && !_window.TryGet(_window.First, out _))
        {
            RemoveFirst();
        }

        _isBoundaryKnown = false;
        _hasLoss = true;
    }

    // Goes on where the last call stopped: a frame of many packets must not be looked through for each of them.
    private bool TryFindEnd(in BufferedPayload first, out long end)
    {
        end = _window.First;
        if (FormatOf(first).Depacketizer.IsOnePacketPerFrame)
        {
            return true;
        }

        for (; _window.TryGet(_scanned, out var payload); _scanned++)
        {
            if (payload.IsFiller)
            {
                continue;
            }

            if (!payload.IsSameFrame(first))
            {
                end = _scanned - 1;
                return true;
            }

            if (payload.Marker)
            {
                end = _scanned;
                return true;
            }
        }

        return false;
    }

    private bool TryAssemble(in BufferedPayload first, long end, out RtpAssembledFrame? frame)
    {
        var depacketizer = FormatOf(first).Depacketizer;
        var isWhole = true;
        var count = 0;
        var (earliest, latest) = (first.Arrived, first.Arrived);
        _frame.ResetWrittenCount();
        depacketizer.Begin();
        while (_window.First <= end)
        {
            if (_window.TryGet(_window.First, out var payload) && !payload.IsFiller)
            {
                isWhole = isWhole && depacketizer.TryAppend(payload.Span, _frame);
                earliest = Instant.Min(earliest, payload.Arrived);
                latest = Instant.Max(latest, payload.Arrived);
                count++;
            }

            RemoveFirst();
        }

        _discarded = null;
        _isBoundaryKnown = true;
        frame = null;
        if (!isWhole || !depacketizer.TryComplete(out var isKeyFrame))
        {
            FramesDamaged++;
            _hasLoss = true;
            _lastNumber = null;
            return false;
        }

        FramesAssembled++;
        frame = new RtpAssembledFrame(_frame.WrittenSpan.ToArray(), first.TimestampTicks, first.PayloadType, isKeyFrame)
        {
            Layers = (depacketizer as IFrameDescription)?.Layers ?? default,
            IsAfterLoss = _hasLoss,
            PacketCount = count,
            FirstArrived = earliest,
            LastArrived = latest,
            Descriptor = first.Descriptor,
        };
        _hasLoss = false;
        _lastNumber = frame.Layers.Number;
        return true;
    }

    /// <summary>What a payload type carries.</summary>
    private sealed record Format(string MimeType, IRtpDepacketizer Depacketizer, uint MaxWaitTicks);
}
