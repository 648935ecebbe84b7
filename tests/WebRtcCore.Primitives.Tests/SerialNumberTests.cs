using CsCheck;

namespace WebRtcCore.Primitives.Tests;

public class SerialNumberTests
{
    [TestCase((ushort)0, (ushort)1)]
    [TestCase((ushort)0xFFFF, (ushort)0)]
    [TestCase((ushort)0xFFF0, (ushort)0x0010)]
    [TestCase((ushort)0, (ushort)0x7FFF)]
    public void Orders_16_bit_numbers_across_the_wrap(ushort earlier, ushort later)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(SerialNumber.IsBefore(earlier, later));
            Assert.That(SerialNumber.IsAfter(later, earlier));
            Assert.That(SerialNumber.IsAfter(earlier, later), Is.False);
            Assert.That(SerialNumber.IsBefore(later, earlier), Is.False);
        }
    }

    [TestCase(0u, 1u)]
    [TestCase(uint.MaxValue, 0u)]
    [TestCase(0xFFFF_FFF0u, 0x10u)]
    [TestCase(0u, 0x7FFF_FFFFu)]
    public void Orders_32_bit_numbers_across_the_wrap(uint earlier, uint later)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(SerialNumber.IsBefore(earlier, later));
            Assert.That(SerialNumber.IsAfter(later, earlier));
            Assert.That(SerialNumber.Distance(later, earlier), Is.EqualTo(unchecked((int)(later - earlier))));
        }
    }

    [Test]
    public void A_number_is_neither_before_nor_after_itself() =>
        Gen.UInt.Sample(n => !SerialNumber.IsBefore(n, n) && !SerialNumber.IsAfter(n, n)
            && !SerialNumber.IsBefore((ushort)n, (ushort)n) && !SerialNumber.IsAfter((ushort)n, (ushort)n));

    [Test]
    public void Distance_leads_from_one_number_to_the_other() =>
        Gen.Select(Gen.UShort, Gen.Int[-32_768, 32_767]).Sample((start, step) =>
            SerialNumber.Distance((ushort)(start + step), start) == step);

    [Test]
    public void Unwrap_16_follows_a_counter_that_moves_by_less_than_half_its_range() =>
        Gen.Select(Gen.Long[0x1_0000, 1L << 48], Gen.Int[-32_767, 32_767]).Sample((reference, step) =>
            SerialNumber.Unwrap((ushort)(reference + step), reference) == reference + step);

    [Test]
    public void Unwrap_32_follows_a_counter_that_moves_by_less_than_half_its_range() =>
        Gen.Select(Gen.Long[1L << 32, 1L << 56], Gen.Int[-int.MaxValue, int.MaxValue]).Sample((reference, step) =>
            SerialNumber.Unwrap((uint)(reference + step), reference) == reference + step);

    [Test]
    public void Unwrap_is_never_negative()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(SerialNumber.Unwrap((ushort)0xFFFF, 0), Is.EqualTo(0xFFFF));
            Assert.That(SerialNumber.Unwrap(uint.MaxValue, 0), Is.EqualTo(uint.MaxValue));
            Assert.That(SerialNumber.Unwrap((ushort)0, 0xFFFF), Is.EqualTo(0x1_0000));
            Assert.That(SerialNumber.Unwrap(0u, uint.MaxValue), Is.EqualTo(0x1_0000_0000));
        }
    }
}
