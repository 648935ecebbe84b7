using WebRtcCore.Primitives;

namespace WebRtcCore.Dns;

/// <summary>In which order the places of a service are tried (RFC 2782).</summary>
internal static class DnsServiceOrder
{
    /// <summary>
    /// By priority, and among equals by a draw in which each has its weight's share; those of weight 0 have hardly a chance to be first.
    /// Empty if the service is decidedly not there: its only record has no target.
    /// </summary>
    public static IReadOnlyList<DnsService> Arrange(IReadOnlyList<DnsService> services, IRandomSource random)
    {
        var arranged = new List<DnsService>(services.Count);
        foreach (var group in services.Where(static s => s.Target.Length > 0 && s.Port != 0).GroupBy(static s => s.Priority).OrderBy(static g => g.Key))
        {
            // RFC 2782: those of weight 0 stand first, and the running sum that reaches the number drawn is chosen.
            var left = group.OrderBy(static s => s.Weight > 0).ToList();
            while (left.Count > 0)
            {
                var drawn = (long)(random.NextDouble() * (left.Sum(static s => (long)s.Weight) + 1));
                var index = 0;
                for (long sum = left[0].Weight; sum < drawn; sum += left[index].Weight)
                {
                    index++;
                }

                arranged.Add(left[index]);
                left.RemoveAt(index);
            }
        }

        return arranged;
    }
}
