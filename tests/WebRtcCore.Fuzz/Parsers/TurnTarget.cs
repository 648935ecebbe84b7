using WebRtcCore.Primitives;
using WebRtcCore.Stun;

namespace WebRtcCore.Fuzz.Parsers;

/// <summary>TURN attributes, indications, ChannelData, and the framing of streams.</summary>
internal sealed class TurnTarget : FuzzTarget
{
    private const int MaxFrame = 2304;

    public override string Name => "turn";

    public override IEnumerable<byte[]> Seeds()
    {
        var buffer = new byte[200];
        var peer = TransportAddress.Parse("192.0.2.1", 5000);
        yield return buffer[..TurnIndication.Complete(buffer, StunMethod.Data, new StunTransactionId(1, 2), peer, 5)];
        yield return [0x40, 0x00, 0x00, 0x03, 1, 2, 3, 0, 0x4F, 0xFF, 0x00, 0x00];
        var writer = new StunMessageWriter(buffer, StunClass.SuccessResponse, StunMethod.Allocate, new StunTransactionId(3, 4));
        writer.AddRequestedTransport();
        writer.AddAddressFamily(StunAttributeType.RequestedAddressFamily, TurnAddressFamily.IPv6);
        writer.AddEvenPort(reservesNext: true);
        writer.AddChannel(new TurnChannel(TurnChannel.First));
        writer.AddAddressErrorCode(TurnAddressFamily.IPv6, StunErrorCode.AddressFamilyNotSupported, "no");
        writer.AddIcmp(3, 4, 1280);
        writer.AddPasswordAlgorithms(StunAttributeType.PasswordAlgorithms, StunPasswordAlgorithm.Sha256, StunPasswordAlgorithm.Md5);
        yield return writer.Written.ToArray();
    }

    public override void Run(ReadOnlySpan<byte> input)
    {
        for (var rest = input; TurnStreamFrame.Read(rest, rest.Length, MaxFrame, out var length) == TurnStreamFrame.Outcome.Complete; rest = rest[length..])
        {
            Require(length >= TurnStreamFrame.PrefixLength && length <= rest.Length && length <= MaxFrame, "A frame makes progress and lies within the stream.");
            RunOne(rest[..length]);
        }

        RunOne(input);
    }

    private static void RunOne(ReadOnlySpan<byte> input)
    {
        if (TurnChannelData.TryParse(input, out var channel, out var length))
        {
            Require(channel.IsServed && length <= input.Length - TurnChannelData.HeaderLength, "Channel data lies within its message.");
        }

        if (!StunMessageView.TryParse(input, out var message))
        {
            return;
        }

        if (TurnIndication.TryRead(message, out var peer, out var data))
        {
            Require(data.Length < input.Length && TurnPeerAddress.GetScope(peer) != TurnPeerScope.NotAHost, "A peer is a host.");
        }

        message.TryGetRequestedTransport(out _);
        message.TryGetChannel(out _);
        message.TryGetAddressFamily(StunAttributeType.RequestedAddressFamily, out _);
        message.TryGetEvenPort(out _);
        message.TryGetAddressErrorCode(out _, out _);
        message.TryGetIcmp(out _, out _, out _);
        Require(TurnError.From(message).Reason.Length <= 127, "A reason is short.");
        foreach (var attribute in message.Attributes)
        {
            StunPasswordAlgorithms.TryChoose(attribute.Value, out _);
            StunNonceCookie.TryRead(attribute.Value, out _);
            if (message.TryReadXorAddress(attribute, out var address) && TurnPeerAddress.TryCanonicalize(address, out var canonical))
            {
                Require(TurnPeerAddress.TryCanonicalize(canonical, out var again) && again == canonical, "A canonical form is its own.");
            }
        }
    }
}
