using System.Text.Json;
using WebRtcCore.Testing;

namespace WebRtcCore.Tests.Api;

/// <summary>Holds docs/api.md against what the browsers expose (tests/corpus/api) and against this library.</summary>
[TestFixture]
public sealed class ApiTableTests
{
    private static readonly ApiTable Table = ApiTable.Read();

    [TestCase("chromium")]
    [TestCase("firefox")]
    public void Accounts_for_every_member_that_a_browser_exposes(string browser)
    {
        var rows = Table.Rows.Select(row => (row.Interface, row.Member)).ToHashSet();
        var missing = BrowserMembers(browser)
            .Where(member => !Table.AbsentInterfaces.Contains(member.Interface) && !rows.Contains(member))
            .Select(member => $"{member.Interface}.{member.Member}");

        Assert.That(missing, Is.Empty);
    }

    [Test]
    public void Names_only_dot_net_members_that_exist()
    {
        var missing = Table.Rows
            .SelectMany(row => ApiTable.DotNetNames(row).Where(name => !ApiTable.Exists(name)).Select(name => $"{row.Interface} {row.Member}: {name}"));

        Assert.That(missing, Is.Empty);
    }

    [Test]
    public void Gives_a_dot_net_name_or_a_reason_in_every_row()
    {
        var empty = Table.Rows.Where(row => row.DotNet == "-" ? row.Note.Length == 0 : !ApiTable.DotNetNames(row).Any()).Select(row => $"{row.Interface} {row.Member}");

        Assert.That(Table.Rows, Has.Count.GreaterThan(240));
        Assert.That(empty, Is.Empty);
    }

    [Test]
    public void Names_no_member_twice() =>
        Assert.That(Table.Rows.Select(row => $"{row.Interface}.{row.Member}"), Is.Unique);

    [Test]
    public void Names_only_interfaces_that_a_browser_has()
    {
        var known = new[] { "chromium", "firefox" }.SelectMany(BrowserMembers).Select(member => member.Interface).ToHashSet();

        Assert.That(Table.AbsentInterfaces.Where(name => !known.Contains(name)), Is.Empty);
        Assert.That(Table.Rows.Select(row => row.Interface).Where(name => name.Length > 0 && !known.Contains(name)).Distinct(), Is.Empty);
    }

    private static IEnumerable<(string Interface, string Member)> BrowserMembers(string browser)
    {
        var root = JsonDocument.Parse(TestData.ReadText($"corpus/api/{browser}.json")).RootElement;
        foreach (var found in root.GetProperty("interfaces").EnumerateObject())
        {
            foreach (var member in found.Value.GetProperty("members").EnumerateObject())
            {
                yield return (found.Name, member.Name);
            }

            foreach (var member in found.Value.GetProperty("statics").EnumerateArray())
            {
                yield return (found.Name, member.GetString()!);
            }
        }

        foreach (var found in root.GetProperty("dedicatedWorker").EnumerateObject().Where(found => found.Value.ValueKind == JsonValueKind.Array))
        {
            foreach (var member in found.Value.EnumerateArray())
            {
                yield return (found.Name, member.GetString()!);
            }
        }
    }
}
