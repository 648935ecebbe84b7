using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using AesInstructions = System.Runtime.Intrinsics.X86.Aes;

namespace WebRtcCore.Srtp.Ciphers;

/// <summary>Counter mode over the processor's AES instructions, eight blocks at a time so that their latencies overlap. AES-128 only.</summary>
internal sealed class AesNiCounterModeCipher : CounterModeCipher
{
    public const int KeyLength = 16;
    private const int Rounds = 10;
    private const int BlocksPerTurn = 8;

    // Pinned, so that the collector leaves no copies of the round keys behind.
    private readonly byte[] _roundKeys = GC.AllocateArray<byte>((Rounds + 1) * BlockLength, pinned: true);

    public AesNiCounterModeCipher(ReadOnlySpan<byte> key)
    {
        Vector128.Create(key[..KeyLength]).CopyTo(_roundKeys);
        SetRoundKey(1, AesInstructions.KeygenAssist(RoundKey(0), 0x01));
        SetRoundKey(2, AesInstructions.KeygenAssist(RoundKey(1), 0x02));
        SetRoundKey(3, AesInstructions.KeygenAssist(RoundKey(2), 0x04));
        SetRoundKey(4, AesInstructions.KeygenAssist(RoundKey(3), 0x08));
        SetRoundKey(5, AesInstructions.KeygenAssist(RoundKey(4), 0x10));
        SetRoundKey(6, AesInstructions.KeygenAssist(RoundKey(5), 0x20));
        SetRoundKey(7, AesInstructions.KeygenAssist(RoundKey(6), 0x40));
        SetRoundKey(8, AesInstructions.KeygenAssist(RoundKey(7), 0x80));
        SetRoundKey(9, AesInstructions.KeygenAssist(RoundKey(8), 0x1B));
        SetRoundKey(10, AesInstructions.KeygenAssist(RoundKey(9), 0x36));
    }

    public static bool IsSupported => AesInstructions.IsSupported;

    public override void Apply(ReadOnlySpan<byte> iv, Span<byte> data)
    {
        ReadOnlySpan<Vector128<byte>> keys = MemoryMarshal.Cast<byte, Vector128<byte>>(_roundKeys);
        var start = Vector128.Create(iv[..BlockLength]);
        var counter = 0;
        var blocks = MemoryMarshal.Cast<byte, Vector128<byte>>(data);
        while (blocks.Length >= BlocksPerTurn)
        {
            ApplyEight(keys, start, counter, blocks);
            counter += BlocksPerTurn;
            blocks = blocks[BlocksPerTurn..];
        }

        for (var i = 0; i < blocks.Length; i++)
        {
            blocks[i] ^= Encrypt(keys, CounterBlock(start, counter++));
        }

        var rest = data[(data.Length & ~(BlockLength - 1))..];
        if (rest.Length > 0)
        {
            Span<byte> last = stackalloc byte[BlockLength];
            Encrypt(keys, CounterBlock(start, counter)).CopyTo(last);
            for (var i = 0; i < rest.Length; i++)
            {
                rest[i] ^= last[i];
            }
        }
    }

    public override void Dispose() => CryptographicOperations.ZeroMemory(_roundKeys);

    private static void ApplyEight(
        ReadOnlySpan<Vector128<byte>> keys, Vector128<byte> start, int counter, Span<Vector128<byte>> blocks)
    {
        var key = keys[0];
        var b0 = CounterBlock(start, counter) ^ key;
        var b1 = CounterBlock(start, counter + 1) ^ key;
        var b2 = CounterBlock(start, counter + 2) ^ key;
        var b3 = CounterBlock(start, counter + 3) ^ key;
        var b4 = CounterBlock(start, counter + 4) ^ key;
        var b5 = CounterBlock(start, counter + 5) ^ key;
        var b6 = CounterBlock(start, counter + 6) ^ key;
        var b7 = CounterBlock(start, counter + 7) ^ key;
        for (var round = 1; round < Rounds; round++)
        {
            key = keys[round];
            b0 = AesInstructions.Encrypt(b0, key);
            b1 = AesInstructions.Encrypt(b1, key);
            b2 = AesInstructions.Encrypt(b2, key);
            b3 = AesInstructions.Encrypt(b3, key);
            b4 = AesInstructions.Encrypt(b4, key);
            b5 = AesInstructions.Encrypt(b5, key);
            b6 = AesInstructions.Encrypt(b6, key);
            b7 = AesInstructions.Encrypt(b7, key);
        }

        key = keys[Rounds];
        blocks[7] ^= AesInstructions.EncryptLast(b7, key);
        blocks[0] ^= AesInstructions.EncryptLast(b0, key);
        blocks[1] ^= AesInstructions.EncryptLast(b1, key);
        blocks[2] ^= AesInstructions.EncryptLast(b2, key);
        blocks[3] ^= AesInstructions.EncryptLast(b3, key);
        blocks[4] ^= AesInstructions.EncryptLast(b4, key);
        blocks[5] ^= AesInstructions.EncryptLast(b5, key);
        blocks[6] ^= AesInstructions.EncryptLast(b6, key);
    }

    private static Vector128<byte> Encrypt(ReadOnlySpan<Vector128<byte>> keys, Vector128<byte> block)
    {
        block ^= keys[0];
        for (var round = 1; round < Rounds; round++)
        {
            block = AesInstructions.Encrypt(block, keys[round]);
        }

        return AesInstructions.EncryptLast(block, keys[Rounds]);
    }

    // The IV's last two bytes are zero: the block number goes there in network order.
    private static Vector128<byte> CounterBlock(Vector128<byte> start, int counter) =>
        start.AsUInt16().WithElement(7, System.Buffers.Binary.BinaryPrimitives.ReverseEndianness((ushort)counter)).AsByte();

    // FIPS 197 5.2: each word is combined with all words before it, and with the transformed last word.
    private void SetRoundKey(int round, Vector128<byte> assist)
    {
        var words = RoundKey(round - 1).AsUInt32();
        words ^= Vector128.Shuffle(words, Vector128.Create(4u, 0, 1, 2));
        words ^= Vector128.Shuffle(words, Vector128.Create(4u, 4, 0, 1));
        (words ^ Vector128.Create(assist.AsUInt32().GetElement(3))).AsByte().CopyTo(_roundKeys, round * BlockLength);
    }

    private Vector128<byte> RoundKey(int round) => Vector128.Create(_roundKeys, round * BlockLength);
}
