using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;
using AesInstructions = System.Runtime.Intrinsics.X86.Aes;

namespace WebRtcCore.Primitives.Cryptography;

/// <summary>An expanded AES key (FIPS 197) for the processor's AES instructions: single blocks, and key streams eight blocks at a time so that their latencies overlap.</summary>
internal sealed class AesNiKey : IDisposable
{
    public const int BlockLength = 16;
    private const int BlocksPerTurn = 8;

    // Pinned, so that the collector leaves no copies of the round keys behind.
    private readonly byte[] _roundKeys;
    private readonly int _rounds;
    private bool _isDisposed;

    /// <summary>Expands a key of 16 or 32 bytes.</summary>
    public AesNiKey(ReadOnlySpan<byte> key)
    {
        _rounds = key.Length == 16 ? 10 : 14;
        _roundKeys = GC.AllocateUninitializedArray<byte>((_rounds + 1) * BlockLength, pinned: true);
        key.CopyTo(_roundKeys);
        if (key.Length == 16)
        {
            Expand128();
        }
        else
        {
            Expand256();
        }
    }

    public static bool IsSupported => AesInstructions.IsSupported && Ssse3.IsSupported;

    /// <summary>Whether this processor can, and the key has a length that is done here.</summary>
    public static bool CanUse(int keyLength) => IsSupported && keyLength is 16 or 32;

    /// <summary>A counter block for <see cref="ApplyKeyStream"/>: its last four bytes count, in network order.</summary>
    public static Vector128<uint> CreateCounter(ReadOnlySpan<byte> firstBlock) => SwapCounter(Vector128.Create(firstBlock[..BlockLength])).AsUInt32();

    /// <summary>Encrypts one block.</summary>
    public Vector128<byte> EncryptBlock(Vector128<byte> block)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return Encrypt(ref Keys, _rounds, block);
    }

    /// <summary>Combines <paramref name="data"/> with the key stream that begins at <paramref name="counter"/>, which moves on by the blocks used.</summary>
    public void ApplyKeyStream(ref Vector128<uint> counter, Span<byte> data)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);

        // References instead of spans: no bounds check per block. Every access is at offset + width <= length, as each loop's condition says.
        ref var keys = ref Keys;
        ref var bytes = ref MemoryMarshal.GetReference(data);
        var length = (nuint)data.Length;
        nuint offset = 0;
        var one = Vector128.Create(0u, 0, 0, 1);
        for (; length - offset >= BlocksPerTurn * BlockLength; offset += BlocksPerTurn * BlockLength)
        {
            counter = ApplyEight(ref keys, _rounds, counter, ref Unsafe.Add(ref bytes, offset));
        }

        for (; length - offset >= BlockLength; offset += BlockLength)
        {
            var stream = Encrypt(ref keys, _rounds, SwapCounter(counter.AsByte()));
            (Vector128.LoadUnsafe(ref bytes, offset) ^ stream).StoreUnsafe(ref bytes, offset);
            counter += one;
        }

        if (offset < length)
        {
            ApplyToRest(data[(int)offset..], Encrypt(ref keys, _rounds, SwapCounter(counter.AsByte())));
            counter += one;
        }
    }

    /// <summary>Wipes the round keys; the key cannot be used any more.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        CryptographicOperations.ZeroMemory(_roundKeys);
    }

    private ref byte Keys => ref MemoryMarshal.GetArrayDataReference(_roundKeys);

    private static Vector128<uint> ApplyEight(ref byte keys, int rounds, Vector128<uint> counter, ref byte data)
    {
        var one = Vector128.Create(0u, 0, 0, 1);
        var key = Vector128.LoadUnsafe(ref keys);
        var b0 = SwapCounter(counter.AsByte()) ^ key;
        var b1 = SwapCounter((counter += one).AsByte()) ^ key;
        var b2 = SwapCounter((counter += one).AsByte()) ^ key;
        var b3 = SwapCounter((counter += one).AsByte()) ^ key;
        var b4 = SwapCounter((counter += one).AsByte()) ^ key;
        var b5 = SwapCounter((counter += one).AsByte()) ^ key;
        var b6 = SwapCounter((counter += one).AsByte()) ^ key;
        var b7 = SwapCounter((counter += one).AsByte()) ^ key;
        var last = (nuint)rounds * BlockLength;
        for (nuint round = BlockLength; round < last; round += BlockLength)
        {
            key = Vector128.LoadUnsafe(ref keys, round);
            b0 = AesInstructions.Encrypt(b0, key);
            b1 = AesInstructions.Encrypt(b1, key);
            b2 = AesInstructions.Encrypt(b2, key);
            b3 = AesInstructions.Encrypt(b3, key);
            b4 = AesInstructions.Encrypt(b4, key);
            b5 = AesInstructions.Encrypt(b5, key);
            b6 = AesInstructions.Encrypt(b6, key);
            b7 = AesInstructions.Encrypt(b7, key);
        }

        key = Vector128.LoadUnsafe(ref keys, last);
        (Vector128.LoadUnsafe(ref data, 0) ^ AesInstructions.EncryptLast(b0, key)).StoreUnsafe(ref data, 0);
        (Vector128.LoadUnsafe(ref data, 16) ^ AesInstructions.EncryptLast(b1, key)).StoreUnsafe(ref data, 16);
        (Vector128.LoadUnsafe(ref data, 32) ^ AesInstructions.EncryptLast(b2, key)).StoreUnsafe(ref data, 32);
        (Vector128.LoadUnsafe(ref data, 48) ^ AesInstructions.EncryptLast(b3, key)).StoreUnsafe(ref data, 48);
        (Vector128.LoadUnsafe(ref data, 64) ^ AesInstructions.EncryptLast(b4, key)).StoreUnsafe(ref data, 64);
        (Vector128.LoadUnsafe(ref data, 80) ^ AesInstructions.EncryptLast(b5, key)).StoreUnsafe(ref data, 80);
        (Vector128.LoadUnsafe(ref data, 96) ^ AesInstructions.EncryptLast(b6, key)).StoreUnsafe(ref data, 96);
        (Vector128.LoadUnsafe(ref data, 112) ^ AesInstructions.EncryptLast(b7, key)).StoreUnsafe(ref data, 112);
        return counter + one;
    }

    private static Vector128<byte> Encrypt(ref byte keys, int rounds, Vector128<byte> block)
    {
        block ^= Vector128.LoadUnsafe(ref keys);
        var last = (nuint)rounds * BlockLength;
        for (nuint round = BlockLength; round < last; round += BlockLength)
        {
            block = AesInstructions.Encrypt(block, Vector128.LoadUnsafe(ref keys, round));
        }

        return AesInstructions.EncryptLast(block, Vector128.LoadUnsafe(ref keys, last));
    }

    private static void ApplyToRest(Span<byte> rest, Vector128<byte> stream)
    {
        Span<byte> last = stackalloc byte[BlockLength];
        stream.CopyTo(last);
        for (var i = 0; i < rest.Length; i++)
        {
            rest[i] ^= last[i];
        }
    }

    // Between the block as it is encrypted and one whose last word can be added to.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> SwapCounter(Vector128<byte> block) =>
        Ssse3.Shuffle(block, Vector128.Create((byte)0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 15, 14, 13, 12));

    private void Expand128()
    {
        SetRoundKey(1, RoundKey(0), LastWord(AesInstructions.KeygenAssist(RoundKey(0), 0x01)));
        SetRoundKey(2, RoundKey(1), LastWord(AesInstructions.KeygenAssist(RoundKey(1), 0x02)));
        SetRoundKey(3, RoundKey(2), LastWord(AesInstructions.KeygenAssist(RoundKey(2), 0x04)));
        SetRoundKey(4, RoundKey(3), LastWord(AesInstructions.KeygenAssist(RoundKey(3), 0x08)));
        SetRoundKey(5, RoundKey(4), LastWord(AesInstructions.KeygenAssist(RoundKey(4), 0x10)));
        SetRoundKey(6, RoundKey(5), LastWord(AesInstructions.KeygenAssist(RoundKey(5), 0x20)));
        SetRoundKey(7, RoundKey(6), LastWord(AesInstructions.KeygenAssist(RoundKey(6), 0x40)));
        SetRoundKey(8, RoundKey(7), LastWord(AesInstructions.KeygenAssist(RoundKey(7), 0x80)));
        SetRoundKey(9, RoundKey(8), LastWord(AesInstructions.KeygenAssist(RoundKey(8), 0x1B)));
        SetRoundKey(10, RoundKey(9), LastWord(AesInstructions.KeygenAssist(RoundKey(9), 0x36)));
    }

    // FIPS 197 5.2 for eight-word keys: every second round key takes the substituted word without rotation and round constant.
    private void Expand256()
    {
        SetRoundKey(2, RoundKey(0), LastWord(AesInstructions.KeygenAssist(RoundKey(1), 0x01)));
        SetRoundKey(3, RoundKey(1), ThirdWord(AesInstructions.KeygenAssist(RoundKey(2), 0)));
        SetRoundKey(4, RoundKey(2), LastWord(AesInstructions.KeygenAssist(RoundKey(3), 0x02)));
        SetRoundKey(5, RoundKey(3), ThirdWord(AesInstructions.KeygenAssist(RoundKey(4), 0)));
        SetRoundKey(6, RoundKey(4), LastWord(AesInstructions.KeygenAssist(RoundKey(5), 0x04)));
        SetRoundKey(7, RoundKey(5), ThirdWord(AesInstructions.KeygenAssist(RoundKey(6), 0)));
        SetRoundKey(8, RoundKey(6), LastWord(AesInstructions.KeygenAssist(RoundKey(7), 0x08)));
        SetRoundKey(9, RoundKey(7), ThirdWord(AesInstructions.KeygenAssist(RoundKey(8), 0)));
        SetRoundKey(10, RoundKey(8), LastWord(AesInstructions.KeygenAssist(RoundKey(9), 0x10)));
        SetRoundKey(11, RoundKey(9), ThirdWord(AesInstructions.KeygenAssist(RoundKey(10), 0)));
        SetRoundKey(12, RoundKey(10), LastWord(AesInstructions.KeygenAssist(RoundKey(11), 0x20)));
        SetRoundKey(13, RoundKey(11), ThirdWord(AesInstructions.KeygenAssist(RoundKey(12), 0)));
        SetRoundKey(14, RoundKey(12), LastWord(AesInstructions.KeygenAssist(RoundKey(13), 0x40)));
    }

    // FIPS 197 5.2: each word is combined with all words before it, and with the transformed word.
    private void SetRoundKey(int round, Vector128<byte> previous, uint transformed)
    {
        var words = previous.AsUInt32();
        words ^= Vector128.Shuffle(words, Vector128.Create(4u, 0, 1, 2));
        words ^= Vector128.Shuffle(words, Vector128.Create(4u, 4, 0, 1));
        (words ^ Vector128.Create(transformed)).AsByte().CopyTo(_roundKeys, round * BlockLength);
    }

    private static uint LastWord(Vector128<byte> assist) => assist.AsUInt32().GetElement(3);

    private static uint ThirdWord(Vector128<byte> assist) => assist.AsUInt32().GetElement(2);

    private Vector128<byte> RoundKey(int round) => Vector128.Create(_roundKeys, round * BlockLength);
}
