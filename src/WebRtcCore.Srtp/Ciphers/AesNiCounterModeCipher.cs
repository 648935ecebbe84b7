using WebRtcCore.Primitives.Cryptography;

namespace WebRtcCore.Srtp.Ciphers;

/// <summary>Counter mode over the processor's AES instructions, for keys of 16 and 32 bytes.</summary>
internal sealed class AesNiCounterModeCipher(ReadOnlySpan<byte> key) : CounterModeCipher
{
    private readonly AesNiKey _key = new(key);

    // The IV's last two bytes are zero and a packet is shorter than 2^16 blocks: a counter of 32 bits counts as one of 16 would.
    public override void Apply(ReadOnlySpan<byte> iv, Span<byte> data)
    {
        var counter = AesNiKey.CreateCounter(iv);
        _key.ApplyKeyStream(ref counter, data);
    }

    public override void Dispose() => _key.Dispose();
}
