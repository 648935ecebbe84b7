using CsCheck;
using WebRtcCore.Testing;
using WebRtcCore.Transport;

namespace WebRtcCore.Tests.Transport;

public class LoopInboxTests
{
    [Test]
    public void Behaves_like_a_queue_with_a_bound_on_datagrams() =>
        Gen.Int[0, 3].Array[0, 200].Sample(steps =>
        {
            var inbox = new LoopInbox(maxDatagrams: 5);
            var model = new Queue<bool>();
            foreach (var step in steps)
            {
                if (inbox.IsFull != model.Count(isDatagram => isDatagram) >= 5)
                {
                    return false;
                }

                switch (step)
                {
                    case 0:
                        inbox.Enqueue(new LoopItem(new PostedAction(static _ => { })));
                        model.Enqueue(false);
                        break;
                    case 1 or 2 when !inbox.IsFull:
                        inbox.Enqueue(new LoopItem([1, 2, 3], Pair.PathA));
                        model.Enqueue(true);
                        break;
                    default:
                        var has = inbox.TryDequeue(out var item);
                        if (has != model.TryDequeue(out var expected) || (has && item.IsDatagram != expected))
                        {
                            return false;
                        }

                        item.Release();
                        break;
                }

                if (inbox.Count != model.Count)
                {
                    return false;
                }
            }

            return true;
        });
}
