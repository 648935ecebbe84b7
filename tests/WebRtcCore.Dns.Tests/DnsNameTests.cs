using System.Text;
using WebRtcCore.Testing;

namespace WebRtcCore.Dns.Tests;

[TestFixture]
public class DnsNameTests
{
    private const string Header = "000000000000000000000000";

    [TestCase("1f4712db-ea17-4bcf-a596-105139dfd8bf.local", ExpectedResult = true)]
    [TestCase("printer.LOCAL", ExpectedResult = true)]
    [TestCase("a.b.local", ExpectedResult = false)]
    [TestCase(".local", ExpectedResult = false)]
    [TestCase("local", ExpectedResult = false)]
    [TestCase("name.local.", ExpectedResult = false)]
    [TestCase("name.example", ExpectedResult = false)]
    [TestCase("namelocal", ExpectedResult = false)]
    public bool Only_one_label_in_front_of_local_is_resolved_by_multicast(string name) => DnsName.IsMulticastCandidateName(name);

    [Test]
    public void A_label_that_is_too_long_is_no_multicast_name() =>
        Assert.That(DnsName.IsMulticastCandidateName(new string('a', 64) + ".local"), Is.False);

    [Test]
    public void A_unique_name_is_a_random_uuid()
    {
        var random = new SeededRandomSource(1);
        var names = Enumerable.Range(0, 100).Select(_ => DnsName.CreateUnique(random)).ToArray();
        Assert.That(names, Is.Unique);
        Assert.That(names, Is.All.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\\.local$"));
        Assert.That(names.All(DnsName.IsMulticastCandidateName));
    }

    [TestCase("", ExpectedResult = false)]
    [TestCase(".", ExpectedResult = false)]
    [TestCase("a..b", ExpectedResult = false)]
    [TestCase("a b", ExpectedResult = false)]
    [TestCase("stun.example.org.", ExpectedResult = true)]
    public bool Labels_are_1_to_63_printable_characters(string name) => DnsName.IsValid(name);

    [Test]
    public void A_name_has_255_bytes_at_most()
    {
        var longest = string.Join('.', new string('a', 63), new string('b', 63), new string('c', 63), new string('d', 61));
        Assert.That(DnsName.IsValid(longest));
        Assert.That(DnsName.IsValid(longest + "d"), Is.False);
    }

    [Test]
    public void Pointers_are_followed_backwards()
    {
        // "local" at 12, "host" + pointer at 19.
        var message = Convert.FromHexString(Header + "056c6f63616c00" + "04686f7374c00c" + "ff");
        Assert.That(DnsNameView.TryRead(message, 19, out var name, out var end));
        Assert.That(name.ToString(), Is.EqualTo("host.local"));
        Assert.That(name.Is("HOST.local."));
        Assert.That(end, Is.EqualTo(26));
    }

    [TestCase("c00c", TestName = "To_itself")]
    [TestCase("0161c00c", TestName = "To_the_labels_that_it_ends")]
    [TestCase("c010", TestName = "Forwards")]
    [TestCase("c000", TestName = "Into_the_header")]
    [TestCase("c0", TestName = "Cut_off")]
    [TestCase("40", TestName = "Of_a_kind_that_does_not_exist")]
    [TestCase("0561", TestName = "Label_that_is_cut_off")]
    [TestCase("0161", TestName = "No_end")]
    public void A_name_whose_pointers_lead_nowhere_is_refused(string name)
    {
        var message = Convert.FromHexString(Header + name);
        Assert.That(DnsNameView.TryRead(message, 12, out _, out _), Is.False);
    }

    [Test]
    public void Chains_of_pointers_are_bounded()
    {
        var message = new List<byte>(Convert.FromHexString(Header + "00"));
        for (var i = 0; i <= DnsNameView.MaxPointers; i++)
        {
            var target = i == 0 ? 12 : message.Count - 2;
            message.AddRange([(byte)(0xC0 | (target >> 8)), (byte)target]);
        }

        Assert.That(DnsNameView.TryRead([.. message], message.Count - 4, out _, out _), Is.True);
        Assert.That(DnsNameView.TryRead([.. message], message.Count - 2, out _, out _), Is.False);
    }

    [Test]
    public void A_label_with_a_dot_or_control_character_has_no_text()
    {
        var message = Convert.FromHexString(Header + "03" + Convert.ToHexString(Encoding.ASCII.GetBytes("a.b")) + "00" + "020a0d00");
        Assert.That(DnsNameView.TryRead(message, 12, out var dotted, out var end));
        Assert.That(dotted.ToString(), Is.Null);
        Assert.That(dotted.Is("a.b"), Is.False);
        Assert.That(DnsNameView.TryRead(message, end, out var control, out _));
        Assert.That(control.ToString(), Is.Null);
    }
}
