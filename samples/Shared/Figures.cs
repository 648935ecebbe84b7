using System.Globalization;

namespace Measuring;

/// <summary>Figures as people read them.</summary>
internal static class Figures
{
    private static readonly string[] Units = ["bytes", "kB", "MB", "GB", "TB"];

    /// <summary>"512 bytes", "1.5 MB".</summary>
    public static string Bytes(double count)
    {
        int unit = 0;
        while (count >= 1000 && unit < Units.Length - 1)
        {
            count /= 1000;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{(unit == 0 ? Math.Round(count) : Math.Round(count, 1))} {Units[unit]}");
    }

    /// <summary>"8 s", "3 min 20 s", "2 h 5 min".</summary>
    public static string Time(double seconds)
    {
        var time = TimeSpan.FromSeconds(Math.Clamp(Math.Ceiling(seconds), 0, 360_000));
        return time switch
        {
            { TotalMinutes: < 1 } => $"{time.Seconds} s",
            { TotalHours: < 1 } => $"{time.Minutes} min {time.Seconds} s",
            _ => $"{(int)time.TotalHours} h {time.Minutes} min",
        };
    }
}
