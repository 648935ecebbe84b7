using WebRtcCore.Fuzz.Cores;
using WebRtcCore.Fuzz.Parsers;
using WebRtcCore.Fuzz.Sessions;

namespace WebRtcCore.Fuzz;

/// <summary>Every target: one per parser, one per core, and the whole.</summary>
public static class FuzzTargets
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new StunTarget(),
        new TurnTarget(),
        new IceCandidateTarget(),
        new IceServerUrlTarget(),
        new MulticastDnsTarget(),
        new PacketFramingTarget(),
        new SdpTarget(),
        new DtlsMessagesTarget(),
        new RtpTarget(),
        new PayloadTarget(),
        new RtcpTarget(),
        new SrtpTarget(),
        new SctpPacketTarget(),
        new TurnClientTarget(),
        new TurnRelayTarget(),
        new IceTarget(),
        new DtlsTarget(),
        new SctpTarget(isInterleaving: false),
        new SctpTarget(isInterleaving: true),
        new DataChannelTarget(),
        new RtpSessionTarget(),
        new FecTarget(),
        new NegotiationTarget(),
        new SessionTarget(),
    ];

    /// <summary>The target of a name.</summary>
    public static FuzzTarget? Find(string name) => All.FirstOrDefault(target => target.Name == name);
}
