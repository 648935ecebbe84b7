using System.Buffers;
using WebRtcCore.Transport.IceTcp;

namespace WebRtcCore.Fuzz.Parsers;

/// <summary>The packets of ICE-TCP streams (RFC 4571): the first byte says how the rest is sliced on its way in.</summary>
internal sealed class PacketFramingTarget : FuzzTarget
{
    private const int MaxPacket = 64;

    public override string Name => "packet-framing";

    public override IEnumerable<byte[]> Seeds() =>
    [
        [1, 0, 3, 1, 2, 3, 0, 0, 0, 1, 9],
        [3, 0, 20, .. new byte[20], 0, 64, .. new byte[64]],
        [255, 0, 65, .. new byte[65], 0, 1, 7],
        [7, 255, 255, .. new byte[200]],
    ];

    public override void Run(ReadOnlySpan<byte> input)
    {
        if (input.Length == 0)
        {
            return;
        }

        var (whole, tooLong) = Cut(input[1..], input.Length);
        var (sliced, slicedTooLong) = Cut(input[1..], Math.Max(1, (int)input[0]));
        Require(tooLong == slicedTooLong && whole.Count == sliced.Count, "How a stream is sliced does not change how many packets are in it.");
        for (var i = 0; i < whole.Count; i++)
        {
            Require(whole[i].AsSpan().SequenceEqual(sliced[i]), "How a stream is sliced does not change what is in it.");
        }
    }

    private static (List<byte[]> Packets, int TooLong) Cut(ReadOnlySpan<byte> stream, int slice)
    {
        var packets = new List<byte[]>();
        var kept = Array.Empty<byte>();
        var (skip, tooLong) = (0, 0);
        var packet = new byte[MaxPacket];
        while (stream.Length > 0)
        {
            var taken = Math.Min(slice, stream.Length);
            var buffer = new ReadOnlySequence<byte>([.. kept, .. stream[..taken]]);
            stream = stream[taken..];
            PacketFraming.Outcome outcome;
            while ((outcome = PacketFraming.Cut(ref buffer, ref skip, packet, out var length)) != PacketFraming.Outcome.Incomplete)
            {
                tooLong += outcome == PacketFraming.Outcome.TooLong ? 1 : 0;
                if (outcome == PacketFraming.Outcome.Packet)
                {
                    Require(length <= MaxPacket, "No packet is longer than the longest.");
                    packets.Add(packet[..length]);
                }
            }

            kept = buffer.ToArray();
            Require(kept.Length < PacketFraming.PrefixLength + MaxPacket, "No more is kept than one packet.");
            Require(skip is >= 0 and <= ushort.MaxValue, "What is skipped is the rest of one packet.");
        }

        return (packets, tooLong);
    }
}
