using System.Text.RegularExpressions;
using WebRtcCore.Testing;

namespace WebRtcCore.Tests.Documents;

/// <summary>What the pages under docs/ name must exist.</summary>
[TestFixture]
public sealed partial class DocumentationTests
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(TestData.Root, ".."));

    private static readonly Lazy<string> TestSources = new(() => string.Join('\n', Sources("tests", "*Tests.cs").Select(File.ReadAllText)));

    private static IEnumerable<string> Pages =>
        Directory.GetFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories).Append(Path.Combine(Root, "README.md")).Select(page => Path.GetRelativePath(Root, page));

    [TestCaseSource(nameof(Pages))]
    public void Pages_name_tests_that_exist(string page)
    {
        Assert.That(TestNames(page).Where(name => !TestSources.Value.Contains($" {name}(", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public void The_security_page_names_the_tests_of_its_rows() => Assert.That(TestNames("docs/security.md").Count(), Is.GreaterThan(60));

    [TestCaseSource(nameof(Pages))]
    public void Pages_name_files_that_exist(string page)
    {
        var paths = FilePath().Matches(ReadPage(page)).Select(match => match.Groups[1].Value);

        Assert.That(paths.Where(path => !Path.Exists(Path.Combine(Root, path))), Is.Empty);
    }

    [TestCaseSource(nameof(Pages))]
    public void Links_between_pages_lead_somewhere(string page)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Root, page))!;
        var links = Link().Matches(ReadPage(page)).Select(match => match.Groups[1].Value).Where(link => !link.Contains("://", StringComparison.Ordinal));

        Assert.That(links.Where(link => link.Length > 0 && !Path.Exists(Path.Combine(folder, link))), Is.Empty);
    }

    [Test]
    public void Every_deviation_in_the_code_has_a_row()
    {
        var page = ReadPage("docs/conformance/README.md");
        var marked = Sources("src", "*.cs").Where(file => File.ReadAllText(file).Contains("Deviation:", StringComparison.Ordinal));

        Assert.That(marked.Select(file => Path.GetRelativePath(Path.Combine(Root, "src"), file).Replace('\\', '/')).Where(file => !page.Contains(file, StringComparison.Ordinal)), Is.Empty);
    }

    private static IEnumerable<string> TestNames(string page) => TestName().Matches(ReadPage(page)).Select(match => match.Groups[1].Value);

    private static string ReadPage(string page) => File.ReadAllText(Path.Combine(Root, page));

    private static IEnumerable<string> Sources(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    [GeneratedRegex("`([A-Z][A-Za-z0-9]*_(?=[A-Za-z0-9_]*[a-z])[A-Za-z0-9_]+)`")]
    private static partial Regex TestName();

    [GeneratedRegex("`((?:src|tests|benchmarks|samples|docs)/[A-Za-z0-9_./-]+)`")]
    private static partial Regex FilePath();

    [GeneratedRegex(@"\]\(([^)#\s]*)[^)]*\)")]
    private static partial Regex Link();
}
