using System.Text;
using WebRtcCore.Sctp;

namespace WebRtcCore;

/// <summary>What W3C webrtc 6.1 says about the arguments of createDataChannel, and how its words translate into those of the layer below.</summary>
internal static class DataChannelRules
{
    private const int MaxStringBytes = 65_535;

    /// <summary>Checks the arguments; ids in use are the connection's affair.</summary>
    /// <exception cref="ArgumentException">A TypeError in the browser.</exception>
    public static void Validate(string label, DataChannelOptions options)
    {
        if (Encoding.UTF8.GetByteCount(label) > MaxStringBytes)
        {
            throw new ArgumentException("A label has at most 65,535 bytes of UTF-8.", nameof(label));
        }

        if (Encoding.UTF8.GetByteCount(options.Protocol) > MaxStringBytes)
        {
            throw new ArgumentException("A protocol has at most 65,535 bytes of UTF-8.", nameof(options));
        }

        if (options is { MaxPacketLifeTime: not null, MaxRetransmits: not null })
        {
            throw new ArgumentException("MaxPacketLifeTime and MaxRetransmits exclude each other.", nameof(options));
        }

        if (options.MaxPacketLifeTime is { TotalMilliseconds: < 0 or > ushort.MaxValue } || options.MaxRetransmits is < 0 or > ushort.MaxValue)
        {
            throw new ArgumentOutOfRangeException(nameof(options), "MaxPacketLifeTime and MaxRetransmits are 0 to 65,535.");
        }

        if (options.Negotiated && options.Id is null or < 0 or > DataChannelIds.MaxId)
        {
            throw new ArgumentException("A negotiated channel needs an id of 0 to 65,534.", nameof(options));
        }
    }

    /// <summary>The priority of RFC 8831, 6.4 for W3C's word.</summary>
    public static ushort ToWeight(Priority priority) => priority switch
    {
        Priority.VeryLow => 128,
        Priority.Medium => 512,
        Priority.High => 1024,
        _ => 256,
    };

    /// <summary>W3C's word for a priority of DCEP: what lies between two steps belongs to the upper one.</summary>
    public static Priority FromWeight(ushort weight) => weight switch
    {
        <= 128 => Priority.VeryLow,
        <= 256 => Priority.Low,
        <= 512 => Priority.Medium,
        _ => Priority.High,
    };

    /// <summary>Whether the association has failed or the channel alone.</summary>
    public static RtcErrorDetail Classify(SctpErrorKind kind) =>
        kind is SctpErrorKind.AbortedByPeer or SctpErrorKind.PeerUnreachable or SctpErrorKind.ProtocolViolation or SctpErrorKind.PeerRestarted
            ? RtcErrorDetail.SctpFailure
            : RtcErrorDetail.DataChannelFailure;

    /// <summary>The string as a USVString, which labels and protocols are: a lone surrogate becomes U+FFFD.</summary>
    public static string ToWellFormed(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
