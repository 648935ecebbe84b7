using WebRtcCore.Dtls.Records;

namespace WebRtcCore.Dtls.Tests.Records;

public class ReplayWindowTests
{
    [Test]
    public void Accepts_each_number_once()
    {
        var window = new ReplayWindow();
        foreach (var number in new ulong[] { 0, 1, 5, 3, 2, 4, 100, 50, 228 })
        {
            Assert.That(window.IsAcceptable(number), Is.True, $"{number}");
            window.Accept(number);
            Assert.That(window.IsAcceptable(number), Is.False, $"{number} again");
        }
    }

    [Test]
    public void Zero_first_is_remembered()
    {
        var window = new ReplayWindow();
        window.Accept(0);
        Assert.That(window.IsAcceptable(0), Is.False);
        Assert.That(window.IsAcceptable(1), Is.True);
    }

    [Test]
    public void What_is_older_than_the_window_is_refused()
    {
        var window = new ReplayWindow();
        window.Accept(1000);
        Assert.That(window.IsAcceptable(1000 - ReplayWindow.Size + 1), Is.True);
        Assert.That(window.IsAcceptable(1000 - ReplayWindow.Size), Is.False);
        window.Accept(1000 - ReplayWindow.Size + 1);
        Assert.That(window.IsAcceptable(1000 - ReplayWindow.Size + 1), Is.False);
    }

    [Test]
    public void A_jump_beyond_the_window_forgets_everything_before()
    {
        var window = new ReplayWindow();
        window.Accept(7);
        window.Accept(RecordHeader.MaxSequenceNumber);
        Assert.That(window.IsAcceptable(7), Is.False);
        Assert.That(window.IsAcceptable(8), Is.False);
        Assert.That(window.IsAcceptable(RecordHeader.MaxSequenceNumber - 1), Is.True);
    }
}
