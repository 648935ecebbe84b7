using System.Globalization;
using System.Text;
using WebRtcCore.Testing.Congestion;

namespace WebRtcCore.LoadTest.Measuring;

/// <summary>Draws what a <see cref="CongestionScenario"/> has recorded: bit rates above, the bottleneck's queue below.</summary>
internal static class CongestionChart
{
    private const int Width = 860;
    private const int Left = 60;
    private const int Right = 20;
    private const int RateTop = 34;
    private const int RateHeight = 220;
    private const int QueueTop = 300;
    private const int QueueHeight = 90;
    private const int Height = QueueTop + QueueHeight + 40;
    private const int Ticks = 5;
    private static readonly string[] Colors = ["#1f6fb2", "#c2571a", "#2b8a3e", "#7a3fa0"];

    public static string Draw(IReadOnlyList<CongestionSample> samples)
    {
        var end = samples.Max(sample => sample.Time.TotalSeconds);
        var maxRate = RoundUp(samples.Max(sample => Math.Max(sample.TargetBps, sample.CapacityBps)) / 1e6);
        var maxQueue = RoundUp(samples.Max(sample => sample.QueueDelay.TotalMilliseconds));
        var svg = new StringBuilder();
        svg.Append(Invariant($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"12\">\n"));
        svg.Append(Invariant($"<rect width=\"{Width}\" height=\"{Height}\" fill=\"#ffffff\"/>\n"));
        Axes(svg, RateTop, RateHeight, maxRate, "Mbit/s");
        Axes(svg, QueueTop, QueueHeight, maxQueue, "queue, ms");
        for (var second = 0; second <= end; second += 5)
        {
            svg.Append(Invariant($"<text x=\"{X(second, end):0.#}\" y=\"{QueueTop + QueueHeight + 18}\" text-anchor=\"middle\" fill=\"#444\">{second} s</text>\n"));
        }

        var flows = samples.GroupBy(sample => sample.Flow).ToArray();
        Line(svg, flows[0], end, sample => sample.CapacityBps / 1e6, RateTop, RateHeight, maxRate, "#999999", "stroke-dasharray=\"6 3\"");
        for (var i = 0; i < flows.Length; i++)
        {
            var color = Colors[i % Colors.Length];
            Line(svg, flows[i], end, sample => sample.ThroughputBps / 1e6, RateTop, RateHeight, maxRate, color, "stroke-opacity=\"0.35\"");
            Line(svg, flows[i], end, sample => sample.TargetBps / 1e6, RateTop, RateHeight, maxRate, color, "stroke-width=\"2\"");
        }

        Line(svg, flows[0], end, sample => sample.QueueDelay.TotalMilliseconds, QueueTop, QueueHeight, maxQueue, "#444444", "");
        svg.Append(Invariant($"<text x=\"{Left}\" y=\"20\" fill=\"#444\">dashed: bottleneck; bold: target of each sender; pale: what arrives</text>\n"));
        return svg.Append("</svg>\n").ToString();
    }

    private static void Axes(StringBuilder svg, int top, int height, double max, string unit)
    {
        for (var i = 0; i <= Ticks; i++)
        {
            var y = top + height - (height * i / (double)Ticks);
            svg.Append(Invariant($"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{y:0.#}\" y2=\"{y:0.#}\" stroke=\"#e4e4e4\"/>\n"));
            svg.Append(Invariant($"<text x=\"{Left - 6}\" y=\"{y + 4:0.#}\" text-anchor=\"end\" fill=\"#444\">{max * i / Ticks:0.##}</text>\n"));
        }

        svg.Append(Invariant($"<text x=\"{Width - Right}\" y=\"{top - 6}\" text-anchor=\"end\" fill=\"#444\">{unit}</text>\n"));
    }

    private static void Line(
        StringBuilder svg, IEnumerable<CongestionSample> samples, double end, Func<CongestionSample, double> value, int top, int height, double max, string color, string style)
    {
        svg.Append(Invariant($"<polyline fill=\"none\" stroke=\"{color}\" {style} points=\""));
        foreach (var sample in samples)
        {
            svg.Append(Invariant($"{X(sample.Time.TotalSeconds, end):0.#},{top + height - (height * Math.Min(1, value(sample) / max)):0.#} "));
        }

        svg.Append("\"/>\n");
    }

    private static double X(double seconds, double end) => Left + ((Width - Left - Right) * seconds / end);

    // The next of 1, 2, 5, 10, 20, ...: the axis ends at a round number.
    private static double RoundUp(double value)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(value, 1e-3))));
        return power * (value <= power ? 1 : value <= 2 * power ? 2 : value <= 5 * power ? 5 : 10);
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
