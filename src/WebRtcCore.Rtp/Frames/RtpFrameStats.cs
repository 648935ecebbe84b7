namespace WebRtcCore.Rtp.Frames;

/// <summary>What became of the frames of a stream (inbound-rtp of W3C webrtc-stats), up to the decoder, which is the application's.</summary>
public readonly record struct RtpFrameStats
{
    /// <summary>Whole frames that came in.</summary>
    public long FramesReceived { get; init; }

    /// <summary>Frames handed out to be decoded.</summary>
    public long FramesEmitted { get; init; }

    /// <summary>Key frames among them.</summary>
    public long KeyFramesEmitted { get; init; }

    /// <summary>Frames that were damaged, or useless because one that they need was missing.</summary>
    public long FramesDropped { get; init; }

    /// <summary>Frames of more than one packet.</summary>
    public long FramesAssembledFromMultiplePackets { get; init; }

    /// <summary>The sum of the times from first to last packet of those.</summary>
    public TimeSpan TotalAssemblyTime { get; init; }

    /// <summary>The sum of the times from a frame's first packet to its being handed out.</summary>
    public TimeSpan JitterBufferDelay { get; init; }

    /// <summary>The sum of the delays aimed at, one for each frame handed out.</summary>
    public TimeSpan JitterBufferTargetDelay { get; init; }

    /// <summary>The sum of the delays that the network alone asks for.</summary>
    public TimeSpan JitterBufferMinimumDelay { get; init; }

    /// <summary>Times that missing packets were given up.</summary>
    public long LossesGivenUp { get; init; }

    /// <summary>Packets that came when they had been given up.</summary>
    public long PacketsLate { get; init; }

    /// <summary>Freezes: a frame that came later than its neighbours by three times, or 150 ms.</summary>
    public long FreezeCount { get; init; }

    /// <summary>Their length.</summary>
    public TimeSpan TotalFreezesDuration { get; init; }

    /// <summary>Pauses: more than 5 s between frames.</summary>
    public long PauseCount { get; init; }

    /// <summary>Their length.</summary>
    public TimeSpan TotalPausesDuration { get; init; }

    /// <summary>The sum of the times between frames.</summary>
    public TimeSpan TotalInterFrameDelay { get; init; }

    /// <summary>The sum of their squares, in seconds squared.</summary>
    public double TotalSquaredInterFrameDelay { get; init; }
}
