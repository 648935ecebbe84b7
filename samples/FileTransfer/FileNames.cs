using System.Text;

namespace FileTransfer;

/// <summary>Makes names for files on this machine out of names that a peer gives.</summary>
internal static class FileNames
{
    /// <summary>The ending of files that are not complete.</summary>
    public const string PartEnding = ".part";

    /// <summary>The longest name, in bytes of UTF-8: file systems allow 255, and " (2)" or a part's ending may follow.</summary>
    public const int MaxBytes = 200;

    private const string Fallback = "file";
    private const string Forbidden = "<>:\"/\\|?*";

    private static readonly HashSet<string> DeviceNames = new(StringComparer.OrdinalIgnoreCase)
    {
        "CON", "PRN", "AUX", "NUL", "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8", "COM9",
        "LPT1", "LPT2", "LPT3", "LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9",
    };

    /// <summary>
    /// The last component of a peer's name without whatever means something to a file system: separators, drive letters, control characters,
    /// device names, leading and trailing dots. The rules of all systems are applied on each, so that a folder can be copied.
    /// </summary>
    public static string MakeSafe(string name)
    {
        string last = name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
        var safe = new StringBuilder(last.Length);
        foreach (var rune in last.EnumerateRunes())
        {
            safe.Append(Rune.IsControl(rune) || IsInvisible(rune) || (rune.IsBmp && Forbidden.Contains((char)rune.Value)) ? new Rune('_') : rune);
        }

        string result = Shorten(safe.ToString().Trim(' ', '.')).Trim(' ', '.');
        if (result.Length == 0)
        {
            return Fallback;
        }

        if (DeviceNames.Contains(result.Split('.')[0].TrimEnd()))
        {
            result = "_" + result;
        }

        return result.EndsWith(PartEnding, StringComparison.OrdinalIgnoreCase) ? result + "_" : result;
    }

    /// <summary>"name (2).ext" for the second try, and so on; the name itself for the first.</summary>
    public static string Numbered(string name, int number)
    {
        string extension = Path.GetExtension(name);
        return number == 1 ? name : $"{name[..^extension.Length]} ({number}){extension}";
    }

    // Characters that change the direction of text make "exe.txt" out of "txt.exe"; others cannot be seen at all.
    private static bool IsInvisible(Rune rune) => Rune.GetUnicodeCategory(rune) is
        System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.LineSeparator or
        System.Globalization.UnicodeCategory.ParagraphSeparator or System.Globalization.UnicodeCategory.PrivateUse;

    // Keeps the extension where there is a reasonable one.
    private static string Shorten(string name)
    {
        if (Encoding.UTF8.GetByteCount(name) <= MaxBytes)
        {
            return name;
        }

        string extension = Path.GetExtension(name);
        if (Encoding.UTF8.GetByteCount(extension) > 20)
        {
            extension = "";
        }

        int room = MaxBytes - Encoding.UTF8.GetByteCount(extension);
        var stem = new StringBuilder();
        foreach (var rune in name[..^extension.Length].EnumerateRunes())
        {
            room -= rune.Utf8SequenceLength;
            if (room < 0)
            {
                break;
            }

            stem.Append(rune);
        }

        return stem + extension;
    }
}
