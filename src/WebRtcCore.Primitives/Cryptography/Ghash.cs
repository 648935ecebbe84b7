using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;

namespace WebRtcCore.Primitives.Cryptography;

/// <summary>
/// The hash of GCM (NIST SP 800-38D 6.4) over carry-less multiplication. A hash value and a block are polynomials whose lowest power is the highest bit of the
/// first byte; with their bytes reversed they are numbers that the processor multiplies, but for one bit by which the product lies too low. The powers of the
/// hash key are kept shifted by that bit, so that no product needs it.
/// <para>Sixteen blocks are multiplied by falling powers and reduced once.</para>
/// </summary>
internal sealed class Ghash : IDisposable
{
    /// <summary>What <see cref="AbsorbGroup"/> takes: sixteen blocks.</summary>
    public const int GroupLength = 16 * BlockLength;

    private const int BlockLength = 16;

    // One more than a group: what follows the last group is up to sixteen blocks and the block of lengths.
    private const int PowerCount = 17;

    // Falling: the first is the 17th power, the last the first. Pinned, so that the collector leaves no copies behind: whoever has the hash key can forge tags.
    private readonly byte[] _powers = GC.AllocateUninitializedArray<byte>(PowerCount * BlockLength, pinned: true);
    private readonly bool _isWide;

    /// <summary>Computes the powers of a hash key, which is the zero block encrypted.</summary>
    public Ghash(Vector128<byte> hashKey, bool isWide)
    {
        _isWide = isWide;
        var first = Shift(Reverse(hashKey).AsUInt64());
        var power = first;
        for (var i = PowerCount - 1; ; i--)
        {
            power.AsByte().CopyTo(_powers, i * BlockLength);
            if (i == 0)
            {
                return;
            }

            power = Multiply(power, first);
        }
    }

    public static bool IsSupported => Pclmulqdq.IsSupported && Ssse3.IsSupported;

    public static bool IsWideSupported => IsSupported && Pclmulqdq.V512.IsSupported && Avx512BW.IsSupported;

    /// <summary>The hash after <paramref name="data"/>, whose last block is filled up with zeros. For what is short.</summary>
    public Vector128<ulong> AbsorbPadded(Vector128<ulong> hash, ReadOnlySpan<byte> data)
    {
        var key = Vector128.LoadUnsafe(ref Powers, (PowerCount - 1) * BlockLength).AsUInt64();
        for (; data.Length >= BlockLength; data = data[BlockLength..])
        {
            hash = Multiply(hash ^ Reverse(Vector128.Create(data[..BlockLength])).AsUInt64(), key);
        }

        return data.Length == 0 ? hash : Multiply(hash ^ LoadPadded(data), key);
    }

    /// <summary>The hash after the <see cref="GroupLength"/> bytes of <paramref name="group"/>.</summary>
    public Vector128<ulong> AbsorbGroup(Vector128<ulong> hash, ReadOnlySpan<byte> group)
    {
        // References instead of spans: no bounds checks. All offsets below are constant and within GroupLength, which the slice has checked; the powers are as long.
        ref var data = ref MemoryMarshal.GetReference(group[..GroupLength]);
        ref var powers = ref Unsafe.Add(ref Powers, BlockLength);
        if (_isWide)
        {
            var product = default(WideProduct);
            product.Add(ReverseWide(ref data, 0) ^ hash.ToVector256().ToVector512(), ref powers, 0);
            product.Add(ReverseWide(ref data, 64), ref powers, 64);
            product.Add(ReverseWide(ref data, 128), ref powers, 128);
            product.Add(ReverseWide(ref data, 192), ref powers, 192);
            return product.Fold().Reduce();
        }

        var sum = default(Product);
        for (nuint offset = 0; offset < GroupLength; offset += 4 * BlockLength)
        {
            sum.Add(LoadBlock(ref data, offset) ^ hash, ref powers, offset);
            sum.Add(LoadBlock(ref data, offset + 16), ref powers, offset + 16);
            sum.Add(LoadBlock(ref data, offset + 32), ref powers, offset + 32);
            sum.Add(LoadBlock(ref data, offset + 48), ref powers, offset + 48);
            hash = default;
        }

        return sum.Reduce();
    }

    /// <summary>The finished hash, after at most <see cref="GroupLength"/> more bytes and the block of lengths.</summary>
    /// <param name="hash">The hash so far.</param>
    /// <param name="rest">What is left of the data; its last block is filled up with zeros.</param>
    /// <param name="associatedLength">Bytes of associated data in all.</param>
    /// <param name="length">Bytes of data in all.</param>
    public Vector128<byte> Finish(Vector128<ulong> hash, ReadOnlySpan<byte> rest, int associatedLength, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rest.Length, GroupLength);

        // References instead of spans: no bounds checks. There is one power for each block of the rest, which is at most sixteen, and one for the lengths:
        // power and block advance together, so the last power used is the last of the table.
        ref var data = ref MemoryMarshal.GetReference(rest);
        var blocks = ((rest.Length + BlockLength - 1) / BlockLength) + 1;
        ref var powers = ref Unsafe.Add(ref Powers, (PowerCount - blocks) * BlockLength);
        var remaining = (nuint)rest.Length;
        nuint offset = 0;
        var sum = default(Product);
        if (_isWide && remaining >= 4 * BlockLength)
        {
            var product = default(WideProduct);
            var carried = hash.ToVector256().ToVector512();
            for (; remaining - offset >= 4 * BlockLength; offset += 4 * BlockLength)
            {
                product.Add(ReverseWide(ref data, offset) ^ carried, ref powers, offset);
                carried = default;
            }

            sum = product.Fold();
            hash = default;
        }

        for (; remaining - offset >= BlockLength; offset += BlockLength)
        {
            sum.Add(LoadBlock(ref data, offset) ^ hash, ref powers, offset);
            hash = default;
        }

        if (offset < remaining)
        {
            sum.Add(LoadPadded(rest[(int)offset..]) ^ hash, ref powers, offset);
            hash = default;
            offset += BlockLength;
        }

        // SP 800-38D 7.1: the lengths of associated data and ciphertext in bits, 64 each; reversed, the second comes first.
        sum.Add(Vector128.Create((ulong)length * 8, (ulong)associatedLength * 8) ^ hash, ref powers, offset);
        return Reverse(sum.Reduce().AsByte());
    }

    /// <summary>Wipes the powers; the hash is useless from then on.</summary>
    public void Dispose() => CryptographicOperations.ZeroMemory(_powers);

    private ref byte Powers => ref MemoryMarshal.GetArrayDataReference(_powers);

    private static Vector128<ulong> Multiply(Vector128<ulong> value, Vector128<ulong> power)
    {
        var product = default(Product);
        product.Add(value, power);
        return product.Reduce();
    }

    // One bit up, modulo the field's polynomial. Without a branch: the key is secret.
    private static Vector128<ulong> Shift(Vector128<ulong> value)
    {
        var carries = value >> 63;
        var overflow = Vector128<ulong>.Zero - Vector128.Create(carries.GetElement(1));
        return (value << 1) ^ Vector128.Create(0UL, carries.GetElement(0)) ^ (overflow & Vector128.Create(1UL, 0xC200_0000_0000_0000));
    }

    private static Vector128<ulong> LoadPadded(ReadOnlySpan<byte> data)
    {
        Span<byte> block = stackalloc byte[BlockLength];
        block.Clear();
        data.CopyTo(block);
        return Reverse(Vector128.Create<byte>(block)).AsUInt64();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> LoadBlock(ref byte data, nuint offset) => Reverse(Vector128.LoadUnsafe(ref data, offset)).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Reverse(Vector128<byte> block) =>
        Ssse3.Shuffle(block, Vector128.Create((byte)15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0));

    // Four blocks, each reversed in its place.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> ReverseWide(ref byte data, nuint offset) => Avx512BW.Shuffle(
        Vector512.LoadUnsafe(ref data, offset),
        Vector512.Create(0x0809_0A0B_0C0D_0E0F, 0x0001_0203_0405_0607, 0x0809_0A0B_0C0D_0E0F, 0x0001_0203_0405_0607, 0x0809_0A0B_0C0D_0E0F, 0x0001_0203_0405_0607, 0x0809_0A0B_0C0D_0E0F, 0x0001_0203_0405_0607).AsByte()).AsUInt64();

    /// <summary>A sum of products of 128 by 128 bits, not reduced yet: 64-bit columns, of which the middle one overlaps its neighbours.</summary>
    private struct Product
    {
        private Vector128<ulong> _low;
        private Vector128<ulong> _middle;
        private Vector128<ulong> _high;

        public Product(Vector128<ulong> low, Vector128<ulong> middle, Vector128<ulong> high) => (_low, _middle, _high) = (low, middle, high);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(Vector128<ulong> block, ref byte powers, nuint offset) => Add(block, Vector128.LoadUnsafe(ref powers, offset).AsUInt64());

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(Vector128<ulong> block, Vector128<ulong> power)
        {
            _low ^= Pclmulqdq.CarrylessMultiply(block, power, 0x00);
            _middle ^= Pclmulqdq.CarrylessMultiply(block, power, 0x01) ^ Pclmulqdq.CarrylessMultiply(block, power, 0x10);
            _high ^= Pclmulqdq.CarrylessMultiply(block, power, 0x11);
        }

        // Montgomery reduction by x^128 + x^127 + x^126 + x^121 + 1, 64 bits at a time: a multiple of the polynomial that clears the lowest column is
        // folded into the middle, then the same again into the high one. All terms but the 1 are in the upper half, hence one multiplication each.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly Vector128<ulong> Reduce()
        {
            var polynomial = Vector128.CreateScalar(0xC200_0000_0000_0000);
            var middle = _middle ^ SwapHalves(_low) ^ Pclmulqdq.CarrylessMultiply(_low, polynomial, 0x00);
            return _high ^ SwapHalves(middle) ^ Pclmulqdq.CarrylessMultiply(middle, polynomial, 0x00);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector128<ulong> SwapHalves(Vector128<ulong> value) => Sse2.Shuffle(value.AsUInt32(), 0b_01_00_11_10).AsUInt64();
    }

    /// <summary>Four <see cref="Product"/>s side by side.</summary>
    private struct WideProduct
    {
        private Vector512<ulong> _low;
        private Vector512<ulong> _middle;
        private Vector512<ulong> _high;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(Vector512<ulong> blocks, ref byte powers, nuint offset)
        {
            var factors = Vector512.LoadUnsafe(ref powers, offset).AsUInt64();
            _low ^= Pclmulqdq.V512.CarrylessMultiply(blocks, factors, 0x00);
            _middle ^= Pclmulqdq.V512.CarrylessMultiply(blocks, factors, 0x01) ^ Pclmulqdq.V512.CarrylessMultiply(blocks, factors, 0x10);
            _high ^= Pclmulqdq.V512.CarrylessMultiply(blocks, factors, 0x11);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly Product Fold() => new(Sum(_low), Sum(_middle), Sum(_high));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector128<ulong> Sum(Vector512<ulong> lanes)
        {
            var half = lanes.GetLower() ^ lanes.GetUpper();
            return half.GetLower() ^ half.GetUpper();
        }
    }
}
