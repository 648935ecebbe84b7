using WebRtcCore.Stun;

namespace WebRtcCore.Fuzz.Parsers;

/// <summary>The STUN message view with every accessor.</summary>
internal sealed class StunTarget : FuzzTarget
{
    private static readonly StunIntegrityKey Key = StunIntegrityKey.FromPassword("fhs8FVXxWfPgOOjGsyH6DnyP");

    public override string Name => "stun";

    public override IEnumerable<byte[]> Seeds() => SeedFiles.Hex("vectors", "stun_*.json").Where(bytes => bytes.Length >= 20);

    public override void Run(ReadOnlySpan<byte> input)
    {
        StunMessageView.LooksLikeStun(input);
        if (!StunMessageView.TryParse(input, out var message))
        {
            return;
        }

        Require(StunMessageView.LooksLikeStun(input), "What parses looks like STUN.");
        var count = 0;
        foreach (var attribute in message.Attributes)
        {
            count++;
            Require(attribute.Value.Length <= input.Length, "An attribute lies within its message.");
            message.TryGetAttribute(attribute.Type, out _);
            message.TryGetUInt32(attribute.Type, out _);
            message.TryGetUInt64(attribute.Type, out _);
            message.TryGetXorAddress(attribute.Type, out _);
            message.TryGetAddress(attribute.Type, out _);
        }

        Require(count <= input.Length / 4, "Each attribute takes four bytes at least.");
        _ = (message.Class, message.Method, message.TransactionId, message.HasFingerprint, message.HasMessageIntegrity, message.HasMessageIntegritySha256);
        message.TryGetErrorCode(out _, out _);
        Span<ushort> unknown = stackalloc ushort[4];
        Require(message.GetUnknownRequired(unknown) <= unknown.Length, "Unknown attributes stay within the list.");
        message.VerifyFingerprint();
        message.VerifyMessageIntegrity(Key);
        message.VerifyMessageIntegritySha256(Key);
    }
}
