using System.Diagnostics.CodeAnalysis;
using WebRtcCore.Primitives;
using WebRtcCore.Rtp.HeaderExtensions;
using WebRtcCore.Rtp.Payloads;

namespace WebRtcCore.Rtp.Frames;

/// <summary>
/// The jitter buffer of one stream: puts its frames together, waits for missing packets as long as they may reasonably come, and hands out, in order, what a
/// decoder can use. When a loss is given up and leaves nothing to decode, it asks for a key frame. Sans-IO, part of an <see cref="RtpSession"/>.
/// </summary>
/// <remarks>
/// How long it waits: where packets are asked for again, for a few round trips; elsewhere for packets that were overtaken, by the jitter. With a
/// <see cref="TargetDelay"/> frames also wait for their time, so that they leave as evenly as they were captured.
/// </remarks>
internal sealed class FrameBuffer(RtpReceiveStream stream)
{
    // Of ten packets that get lost, each way, one in 10,000 is still missing after as many requests.
    private const int Attempts = 5;

    // What waits for its time is bounded: more leaves early.
    private const int MaxWaiting = 512;

    private static readonly TimeSpan Reordering = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan MinAnswerTime = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan MaxRepairWait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MinReorderingWait = TimeSpan.FromMilliseconds(30);
    private static readonly TimeSpan MaxReorderingWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(10);

    private readonly RtpFrameAssembler _assembler = new(new RtpFrameAssemblerOptions()) { WaitsByClock = true };
    private readonly FrameContinuity _continuity = new();
    private readonly FrameJitter _jitter = new();
    private readonly Queue<(RtpAssembledFrame Frame, Instant Release)> _waiting = new();
    private DependencyStructure? _structure;
    private FrameSmoothness _smoothness;
    private RtpFrameStats _stats;
    private IReadOnlyList<RtpPayloadFormat>? _formats;
    private Instant _lastRelease;
    private Instant? _keyFrameRequested;
    private Instant? _giveUp;

    /// <summary>When something is to be done, or <see langword="null"/>.</summary>
    public Instant? Due => Instant.Earliest(_giveUp, _waiting.TryPeek(out var next) ? next.Release : null);

    /// <summary>When a packet was taken in last.</summary>
    public Instant LastActive { get; private set; }

    /// <summary>The delay that frames leave with at least, so that they leave evenly; <see langword="null"/> to let each go as soon as it is whole.</summary>
    public TimeSpan? TargetDelay { get; set; }

    /// <summary>The figures up to now.</summary>
    public RtpFrameStats GetStats() => _stats with
    {
        FramesDropped = _stats.FramesDropped + _assembler.FramesDamaged,
        LossesGivenUp = _assembler.Gaps,
        PacketsLate = _assembler.PacketsLate,
        FreezeCount = _smoothness.FreezeCount,
        TotalFreezesDuration = _smoothness.TotalFreezesDuration,
        PauseCount = _smoothness.PauseCount,
        TotalPausesDuration = _smoothness.TotalPausesDuration,
        TotalInterFrameDelay = _smoothness.TotalInterFrameDelay,
        TotalSquaredInterFrameDelay = _smoothness.TotalSquaredInterFrameDelay,
    };

    /// <summary>Takes in a packet.</summary>
    public void Add(in RtpReceived received, RtpHeaderExtensionMap extensions, TimeSpan roundTripTime, Instant now)
    {
        LastActive = now;
        UpdateFormats();
        _assembler.Add(received.Packet, received.ExtendedSequenceNumber, now, FindDescriptor(received.Packet, extensions));
        Advance(roundTripTime, now);
    }

    /// <summary>Gives up what has not come in time.</summary>
    public void Advance(TimeSpan roundTripTime, Instant now)
    {
        while (true)
        {
            while (_assembler.TryTakeFrame(out var frame))
            {
                OnFrame(frame!, roundTripTime, now);
            }

            _giveUp = _assembler.GetMissingSince() is { } since ? since + GetWait(roundTripTime) : null;
            if (_giveUp is not { } due || due > now)
            {
                if (stream.Nacks is { } nacks && _assembler.FirstWanted is { } first)
                {
                    nacks.Forget(first);
                }

                return;
            }

            _assembler.GiveUp();
        }
    }

    /// <summary>Takes the next frame whose time has come.</summary>
    public bool TryTake(Instant now, [NotNullWhen(true)] out RtpAssembledFrame? frame)
    {
        if (!_waiting.TryPeek(out var next) || (next.Release > now && _waiting.Count <= MaxWaiting))
        {
            frame = null;
            return false;
        }

        _waiting.Dequeue();
        frame = next.Frame;
        _smoothness.OnFrame(now);
        _stats = _stats with
        {
            FramesEmitted = _stats.FramesEmitted + 1,
            KeyFramesEmitted = _stats.KeyFramesEmitted + (frame.IsKeyFrame ? 1 : 0),
            JitterBufferDelay = _stats.JitterBufferDelay + (now - frame.FirstArrived),
            JitterBufferTargetDelay = _stats.JitterBufferTargetDelay + GetTarget(),
            JitterBufferMinimumDelay = _stats.JitterBufferMinimumDelay + _jitter.Delay,
        };
        return true;
    }

    private bool IsRepairing => (stream.State.Formats.AllFeedback & RtcpFeedbackKinds.Nack) != 0;

    private void UpdateFormats()
    {
        var formats = stream.Receiver.PayloadTypes;
        if (ReferenceEquals(formats, _formats))
        {
            return;
        }

        _formats = formats;
        foreach (var format in formats)
        {
            if (format.MimeType is { } mimeType)
            {
                _assembler.TryAddFormat(format.PayloadType, mimeType, format.ClockRate);
            }
        }
    }

    private TimeSpan GetWait(TimeSpan roundTripTime)
    {
        if (!IsRepairing)
        {
            return Clamp(_jitter.Delay * 2, MinReorderingWait, MaxReorderingWait);
        }

        var answer = roundTripTime + (roundTripTime / 4);
        var wait = Reordering + (Attempts * (answer > MinAnswerTime ? answer : MinAnswerTime));
        return Clamp(wait + _jitter.Delay, wait, MaxRepairWait);
    }

    private TimeSpan GetTarget() => TargetDelay is { } target && target > _jitter.Delay ? target : _jitter.Delay;

    private void OnFrame(RtpAssembledFrame frame, TimeSpan roundTripTime, Instant now)
    {
        var clockRate = stream.State.Formats[frame.PayloadType]?.ClockRate ?? 1;
        _jitter.Add(frame.TimestampTicks, clockRate, frame.LastArrived);
        _stats = _stats with { FramesReceived = _stats.FramesReceived + 1 };
        if (frame.PacketCount > 1)
        {
            _stats = _stats with
            {
                FramesAssembledFromMultiplePackets = _stats.FramesAssembledFromMultiplePackets + 1,
                TotalAssemblyTime = _stats.TotalAssemblyTime + (frame.LastArrived - frame.FirstArrived),
            };
        }

        frame = WithDescriptor(frame);
        if (!_continuity.Judge(frame))
        {
            _stats = _stats with { FramesDropped = _stats.FramesDropped + 1 };
            if (_continuity.NeedsKeyFrame)
            {
                RequestKeyFrame(roundTripTime, now);
            }

            return;
        }

        _keyFrameRequested = frame.IsKeyFrame ? null : _keyFrameRequested;
        var release = TargetDelay is null ? now : _jitter.Expected + Clamp(GetTarget(), TimeSpan.Zero, MaxDelay);
        _lastRelease = Instant.Max(_lastRelease, Instant.Max(release, now));
        _waiting.Enqueue((frame with { CaptureTime = stream.Statistics.ToNtp(frame.TimestampTicks, clockRate) }, _lastRelease));
    }

    private static byte[]? FindDescriptor(RtpPacketView packet, RtpHeaderExtensionMap extensions)
    {
        const byte StartOfFrameBit = 0x80;
        var id = extensions.GetId(RtpHeaderExtensionKind.DependencyDescriptor);
        return id != 0 && packet.TryGetExtension(id, out var value) && !value.IsEmpty && (value[0] & StartOfFrameBit) != 0 ? value.ToArray() : null;
    }

    // With spatial layers a picture is several frames, each with a number of its own, of which the others may need any: then the packets decide.
    private RtpAssembledFrame WithDescriptor(RtpAssembledFrame frame)
    {
        if (frame.Descriptor is null || !DependencyDescriptor.TryParse(frame.Descriptor, _structure, out var descriptor))
        {
            return frame;
        }

        _structure = descriptor!.Structure ?? _structure;
        var references = new FrameReferences();
        var isComplete = _structure!.HighestSpatialId == 0;
        foreach (var distance in descriptor.Frame.FrameDistances)
        {
            isComplete &= references.TryAdd(distance);
        }

        return !isComplete ? frame : frame with
        {
            Layers = new FrameLayers
            {
                Number = descriptor.FrameNumber,
                NumberBits = 16,
                TemporalId = descriptor.Frame.TemporalId,
                References = references,
                HasReferences = true,
            },
        };
    }

    // Asked again only when an answer could have come: each key frame costs as much as many others.
    private void RequestKeyFrame(TimeSpan roundTripTime, Instant now)
    {
        if (_keyFrameRequested is { } asked && now - asked < roundTripTime + (roundTripTime / 2))
        {
            return;
        }

        _keyFrameRequested = now;
        stream.KeyFrames.Request();
    }

    private static TimeSpan Clamp(TimeSpan value, TimeSpan min, TimeSpan max) => value < min ? min : value > max ? max : value;
}
