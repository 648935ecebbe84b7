using WebRtcCore.Srtp;

namespace WebRtcCore.Fuzz.Parsers;

/// <summary>SRTP and SRTCP of every profile: foreign bytes never authenticate, what is protected comes back unchanged.</summary>
internal sealed class SrtpTarget : FuzzTarget
{
    private static readonly SrtpProfile[] Profiles = Enum.GetValues<SrtpProfile>();

    public override string Name => "srtp";

    public override IEnumerable<byte[]> Seeds() =>
        new RtpTarget().Seeds().Take(12).Select(static (packet, i) => (byte[])[(byte)i, .. packet]);

    public override void Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
        {
            return;
        }

        var profile = Profiles[input[0] % Profiles.Length];
        var packet = input[1..];
        using var sender = Create(profile);
        using var receiver = Create(profile);
        Require(receiver.UnprotectRtp(packet.ToArray(), out _) != SrtpResult.Success, "Foreign RTP does not authenticate.");
        Require(receiver.UnprotectRtcp(packet.ToArray(), out _) != SrtpResult.Success, "Foreign RTCP does not authenticate.");
        Require(receiver.StreamCount == 0, "What does not authenticate leaves no trace.");

        var buffer = new byte[packet.Length + 64];
        packet.CopyTo(buffer);
        if (sender.ProtectRtp(buffer, packet.Length, out var length) == SrtpResult.Success)
        {
            Require(length == packet.Length + sender.RtpOverhead, "Protection adds its overhead.");
            Require(receiver.UnprotectRtp(buffer.AsSpan(0, length), out var plain) == SrtpResult.Success, "What is protected authenticates.");
            Require(buffer.AsSpan(0, plain).SequenceEqual(packet), "What is protected comes back.");
        }

        packet.CopyTo(buffer);
        if (sender.ProtectRtcp(buffer, packet.Length, out length) == SrtpResult.Success)
        {
            Require(receiver.UnprotectRtcp(buffer.AsSpan(0, length), out var plain) == SrtpResult.Success, "What is protected authenticates.");
            Require(buffer.AsSpan(0, plain).SequenceEqual(packet), "What is protected comes back.");
        }
    }

    private static SrtpContext Create(SrtpProfile profile) => new(profile, new byte[profile.GetKeyLength()], new byte[profile.GetSaltLength()]);
}
