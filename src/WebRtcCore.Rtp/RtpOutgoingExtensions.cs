using WebRtcCore.Rtp.HeaderExtensions;

namespace WebRtcCore.Rtp;

/// <summary>The header extensions of one packet that only the application knows; each is sent if it is given and agreed.</summary>
public readonly record struct RtpOutgoingExtensions
{
    /// <summary>How loud the audio of the packet is.</summary>
    public AudioLevel? AudioLevel { get; init; }

    /// <summary>How the picture is to be turned.</summary>
    public VideoOrientation? VideoOrientation { get; init; }

    /// <summary>The bounds of the receiver's delay.</summary>
    public PlayoutDelay? PlayoutDelay { get; init; }
}
