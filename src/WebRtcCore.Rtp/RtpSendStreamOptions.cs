using WebRtcCore.Rtp.HeaderExtensions;

namespace WebRtcCore.Rtp;

/// <summary>What a stream to be sent is.</summary>
public sealed record RtpSendStreamOptions
{
    /// <summary>The owner's number for this stream; the session only hands it back.</summary>
    public int Handle { get; init; }

    /// <summary>The stream's SSRC.</summary>
    public required Ssrc Ssrc { get; init; }

    /// <summary>The SSRC of its retransmissions (RFC 4588), or <see langword="null"/> to retransmit packets as they were.</summary>
    public Ssrc? RetransmissionSsrc { get; init; }

    /// <summary>The SSRC of its repair packets where FlexFEC is agreed, or <see langword="null"/> to send none.</summary>
    public Ssrc? FecSsrc { get; init; }

    /// <summary>The media section's identification tag, sent in the header extension while the peer may not know the SSRC.</summary>
    public string? Mid { get; init; }

    /// <summary>The simulcast identifier.</summary>
    public string? Rid { get; init; }

    /// <summary>The canonical name, or <see langword="null"/> for the session's.</summary>
    public string? Cname { get; init; }

    /// <summary>The payload types that may be sent, with those of retransmissions.</summary>
    public required IReadOnlyList<RtpPayloadFormat> PayloadTypes { get; init; }

    /// <summary>Whether it is audio: goes before everything else and is never held back.</summary>
    public bool IsAudio { get; init; }

    /// <summary>The most bits per second of payload that the stream has a use for, or <see langword="null"/> for no limit.</summary>
    public long? MaxBitrateBps { get; init; }

    /// <summary>Whether it is sent at present. One that is not takes no bandwidth, and its target is 0.</summary>
    public bool IsActive { get; init; } = true;

    /// <summary>
    /// Its place among the simulcast layers with the same <see cref="Handle"/>, 0 for the smallest picture; <see langword="null"/> where there is one stream alone.
    /// Layers share one part of the bandwidth, the smaller ones first.
    /// </summary>
    public int? SimulcastLayer { get; init; }

    /// <summary>The bits per second of payload below which a simulcast layer, other than the smallest, is not worth sending.</summary>
    public long MinBitrateBps { get; init; }

    /// <summary>The stream's part of the bandwidth in relation to the other streams, more than 0. 1 unless set.</summary>
    public double BitrateWeight { get; init; } = 1;

    /// <summary>The header extensions of the media section, or <see langword="null"/> for all of the session's.</summary>
    public IReadOnlyList<RtpHeaderExtension>? HeaderExtensions { get; init; }

    /// <summary>
    /// The most bytes of sent packets that are kept to answer NACKs; 0 keeps none. Memory is taken as the bit rate asks for it.
    /// 1 MiB unless set.
    /// </summary>
    public int MaxRetransmissionCacheBytes { get; init; } = 1024 * 1024;
}
