using System.Diagnostics.CodeAnalysis;
using WebRtcCore.Primitives;
using WebRtcCore.Rtp.HeaderExtensions;
using WebRtcCore.Rtp.Payloads;

namespace WebRtcCore.Rtp.Frames;

/// <summary>The frame buffers of a session's streams, for those streams whose frames are wanted. How many is bounded.</summary>
internal sealed class FrameReceiver
{
    /// <summary>The most streams with a buffer; beyond it the one silent for longest loses its own.</summary>
    public const int MaxStreams = 64;

    private readonly List<RtpReceiveStream> _streams = [];

    /// <summary>When <see cref="Advance"/> is to be called.</summary>
    public Instant? Due { get; private set; }

    /// <summary>Takes in a packet of a stream, which gets a buffer if it has none.</summary>
    public void Add(in RtpReceived received, RtpHeaderExtensionMap extensions, TimeSpan roundTripTime, Instant now)
    {
        var stream = received.Stream;
        if (stream.Frames is null)
        {
            if (_streams.Count == MaxStreams)
            {
                Remove(_streams.MinBy(s => s.Frames!.LastActive.Ticks)!);
            }

            stream.Frames = new FrameBuffer(stream) { TargetDelay = stream.JitterBufferTarget };
            _streams.Add(stream);
        }

        stream.Frames.Add(received, extensions, roundTripTime, now);
        UpdateDue();
    }

    /// <summary>Ends a stream's buffer; what it holds is lost.</summary>
    public void Remove(RtpReceiveStream stream)
    {
        if (_streams.Remove(stream))
        {
            stream.Frames = null;
            UpdateDue();
        }
    }

    /// <summary>Does what is due.</summary>
    public void Advance(TimeSpan roundTripTime, Instant now)
    {
        foreach (var stream in _streams)
        {
            if (stream.Frames!.Due <= now)
            {
                stream.Frames.Advance(roundTripTime, now);
            }
        }

        UpdateDue();
    }

    /// <summary>Takes a frame whose time has come.</summary>
    public bool TryTake(Instant now, [NotNullWhen(true)] out RtpReceiveStream? stream, [NotNullWhen(true)] out RtpAssembledFrame? frame)
    {
        foreach (var candidate in _streams)
        {
            if (candidate.Frames!.TryTake(now, out frame))
            {
                stream = candidate;
                UpdateDue();
                return true;
            }
        }

        stream = null;
        frame = null;
        return false;
    }

    private void UpdateDue()
    {
        Due = null;
        foreach (var stream in _streams)
        {
            Due = Instant.Earliest(Due, stream.Frames!.Due);
        }
    }
}
