using WebRtcCore.Sctp.Packets;
using WebRtcCore.Sctp.Send;

namespace WebRtcCore.Sctp.Tests.Send;

public class TsnBitmapTests
{
    [Test]
    public void Behaves_like_a_set_also_where_the_numbers_wrap_and_when_it_grows([Values(0u, 5u, 4_294_967_200u)] uint start, [Values(1, 2, 3)] int seed)
    {
        var random = new Random(seed);
        var set = new TsnBitmap(256);
        var model = new HashSet<uint>();
        for (var i = 0; i < 400; i++)
        {
            var tsn = new Tsn(start + (uint)random.Next(250));
            if (random.Next(3) > 0)
            {
                set.Add(tsn);
                model.Add(tsn.Value);
            }
            else
            {
                set.Remove(tsn);
                model.Remove(tsn.Value);
            }

            if (i == 200)
            {
                set.Grow(1024, new Tsn(start), new Tsn(start + 250));
            }

            var (from, to) = ((uint)random.Next(250), (uint)random.Next(250));
            foreach (var isIn in new[] { true, false })
            {
                uint? expected = null;
                for (var k = from; k <= to && expected is null; k++)
                {
                    expected = model.Contains(start + k) == isIn ? start + k : null;
                }

                var found = set.TryFind(new Tsn(start + from), new Tsn(start + to), isIn, out var first);
                Assert.That(found ? first.Value : (uint?)null, Is.EqualTo(expected), $"seed {seed}, step {i}");
            }
        }
    }
}
