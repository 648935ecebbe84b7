using System.Reflection;
using System.Text.RegularExpressions;
using WebRtcCore.Testing;

namespace WebRtcCore.Tests.Api;

/// <summary>Reads docs/api.md: headings name interfaces, rows of their tables name members.</summary>
internal sealed partial class ApiTable
{
    private const string Interfaces = "Interfaces";
    private const string NotHere = "Interfaces that are not here";

    private ApiTable(IReadOnlyList<ApiRow> rows, IReadOnlySet<string> absentInterfaces)
    {
        Rows = rows;
        AbsentInterfaces = absentInterfaces;
    }

    /// <summary>Every row that stands for a member, a dictionary or an enum.</summary>
    public IReadOnlyList<ApiRow> Rows { get; }

    /// <summary>Interfaces that one row with a reason covers.</summary>
    public IReadOnlySet<string> AbsentInterfaces { get; }

    public static ApiTable Read()
    {
        var rows = new List<ApiRow>();
        var absent = new HashSet<string>();
        string chapter = "", section = "";
        foreach (var line in File.ReadLines(Path.Combine(TestData.Root, "..", "docs", "api.md")))
        {
            if (line.StartsWith("# ", StringComparison.Ordinal))
            {
                (chapter, section) = (line[2..], "");
            }
            else if (line.StartsWith("## ", StringComparison.Ordinal))
            {
                section = line[3..];
            }
            else if (line.StartsWith("| `", StringComparison.Ordinal))
            {
                var cells = line.Trim('|').Split('|').Select(cell => cell.Trim()).ToArray();
                if (chapter == NotHere && cells[1].Length > 0)
                {
                    absent.Add(cells[0].Trim('`'));
                }
                else if (cells.Length == 3)
                {
                    rows.Add(new ApiRow(chapter == Interfaces ? section : "", cells[0].Trim('`'), cells[1], cells[2]));
                }
                else if (chapter == "Beyond W3C")
                {
                    rows.Add(new ApiRow("", cells[0].Trim('`'), cells[0], cells[1]));
                }
            }
        }

        return new ApiTable(rows, absent);
    }

    /// <summary>The .NET names in the middle cell of a row, and those in its note that look like Type.Member of this library.</summary>
    public static IEnumerable<string> DotNetNames(ApiRow row) =>
        row.DotNet == "-"
            ? TypeAndMember().Matches(row.Note).Select(match => match.Groups[1].Value).Where(name => FindType(name.Split('.')[0]) is not null)
            : QuotedName().Matches(row.DotNet).Select(match => match.Groups[1].Value);

    /// <summary>Whether <c>Type</c>, <c>new Type</c> or <c>Type.Member</c> is public in WebRtcCore or a package under it.</summary>
    public static bool Exists(string name)
    {
        if (name.StartsWith("new ", StringComparison.Ordinal))
        {
            return FindType(name[4..])?.GetConstructors().Length > 0;
        }

        var parts = name.Split('.');
        return FindType(parts[0]) is { } type &&
            (parts.Length == 1 || (parts.Length == 2 && type.GetMember(parts[1], BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static).Length > 0));
    }

    private static Type? FindType(string name) =>
        typeof(PeerConnection).Assembly.GetType("WebRtcCore." + name) is { IsPublic: true } type
            ? type
            : typeof(PeerConnection).Assembly.GetReferencedAssemblies()
                .Where(assembly => assembly.Name!.StartsWith("WebRtcCore.", StringComparison.Ordinal))
                .Select(assembly => Assembly.Load(assembly).GetType($"{assembly.Name}.{name}"))
                .FirstOrDefault(found => found is { IsPublic: true });

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex QuotedName();

    [GeneratedRegex(@"`([A-Z]\w+\.[A-Z]\w+)`")]
    private static partial Regex TypeAndMember();
}
