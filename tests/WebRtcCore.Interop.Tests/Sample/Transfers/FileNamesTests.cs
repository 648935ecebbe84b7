using System.Text;
using CsCheck;
using FileTransfer;

namespace WebRtcCore.Interop.Tests.Sample.Transfers;

/// <summary>What the sample makes of names that a peer gives.</summary>
internal sealed class FileNamesTests
{
    [TestCase("report.pdf", "report.pdf")]
    [TestCase("Grüße 🦊.txt", "Grüße 🦊.txt")]
    [TestCase(".gitignore", "gitignore")]
    [TestCase("../../etc/passwd", "passwd")]
    [TestCase("..\\..\\windows\\system.ini", "system.ini")]
    [TestCase("/etc/shadow", "shadow")]
    [TestCase("C:\\autoexec.bat", "autoexec.bat")]
    [TestCase("C:x", "C_x")]
    [TestCase("a.txt:stream", "a.txt_stream")]
    [TestCase("..", "file")]
    [TestCase("folder/", "file")]
    [TestCase(" . ", "file")]
    [TestCase("a\0b\nc\u001b[2J", "a_b_c_[2J")]
    [TestCase("photo\u202egnp.exe", "photo_gnp.exe")]
    [TestCase("nul", "_nul")]
    [TestCase("COM1.txt", "_COM1.txt")]
    [TestCase("what?*<>|\".txt", "what______.txt")]
    [TestCase("movie.mp4.0123456789ab.part", "movie.mp4.0123456789ab.part_")]
    public void Keeps_only_what_is_safe(string given, string expected) =>
        Assert.That(FileNames.MakeSafe(given), Is.EqualTo(expected));

    [Test]
    public void A_safe_name_is_one_component_and_stays_as_it_is() => Gen.String.Sample(name =>
    {
        string safe = FileNames.MakeSafe(name);
        Assert.That(Path.GetFileName(safe), Is.EqualTo(safe));
        Assert.That(safe, Is.Not.Empty.And.Not.EqualTo(".").And.Not.EqualTo(".."));
        Assert.That(Encoding.UTF8.GetByteCount(safe), Is.LessThanOrEqualTo(FileNames.MaxBytes + 2));
        Assert.That(FileNames.MakeSafe(safe), Is.EqualTo(safe));
    });

    [Test]
    public void A_long_name_keeps_its_extension()
    {
        string safe = FileNames.MakeSafe(new string('ü', 500) + ".jpeg");

        Assert.That(safe, Does.StartWith("üüü").And.EndWith("ü.jpeg"));
        Assert.That(Encoding.UTF8.GetByteCount(safe), Is.LessThanOrEqualTo(FileNames.MaxBytes));
    }

    [TestCase("a.txt", 1, "a.txt")]
    [TestCase("a.txt", 2, "a (2).txt")]
    [TestCase("a.tar.gz", 3, "a.tar (3).gz")]
    [TestCase("README", 2, "README (2)")]
    public void Numbers_names_that_are_taken(string name, int number, string expected) =>
        Assert.That(FileNames.Numbered(name, number), Is.EqualTo(expected));
}
