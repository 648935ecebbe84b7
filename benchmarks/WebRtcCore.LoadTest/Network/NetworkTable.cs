using System.Globalization;
using System.Text;

namespace WebRtcCore.LoadTest.Network;

/// <summary>The results as a table in Markdown: a row per path and loss rate, a column per bottleneck and way to send.</summary>
internal sealed class NetworkTable
{
    private readonly Dictionary<NetworkCell, (double Megabits, double P50, double P99)> _results = [];

    public void Add(NetworkCell cell, double megabits, double p50, double p99) => _results[cell] = (megabits, p50, p99);

    public override string ToString()
    {
        var rates = _results.Keys.Select(cell => cell.Megabits).Distinct().ToArray();
        var senders = NetworkSender.All;
        var names = string.Join(" / ", senders.Select(sender => sender.Name));
        var text = new StringBuilder($"Each field: {names}.\n\n| RTT, ms | loss, % |");
        foreach (var rate in rates)
        {
            text.Append(CultureInfo.InvariantCulture, $" {rate} Mbit/s: Mbit/s |");
        }

        text.Append(CultureInfo.InvariantCulture, $" message latency at {rates[^1]} Mbit/s, ms: p50 | p99 |\n|").Append(string.Concat(Enumerable.Repeat("---|", rates.Length + 4))).Append('\n');
        foreach (var (rtt, loss) in _results.Keys.Select(cell => (cell.RttMilliseconds, cell.LossPercent)).Distinct())
        {
            string Join(int rate, Func<(double Megabits, double P50, double P99), double> select) => string.Join(
                " / ", senders.Select(sender => Format(select(_results[new NetworkCell(rtt, loss, rate, sender)]))));
            text.Append(CultureInfo.InvariantCulture, $"| {rtt} | {loss} |");
            foreach (var rate in rates)
            {
                text.Append(CultureInfo.InvariantCulture, $" {Join(rate, result => result.Megabits)} |");
            }

            text.Append(CultureInfo.InvariantCulture, $" {Join(rates[^1], result => result.P50)} | {Join(rates[^1], result => result.P99)} |\n");
        }

        return text.ToString();
    }

    private static string Format(double value) => value.ToString(value < 10 ? "0.00" : value < 100 ? "0.0" : "0", CultureInfo.InvariantCulture);
}
