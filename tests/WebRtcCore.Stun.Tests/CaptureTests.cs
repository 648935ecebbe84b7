using WebRtcCore.Testing;

namespace WebRtcCore.Stun.Tests;

[TestFixture]
public class CaptureTests
{
    [Test]
    public void Every_stun_message_of_the_captured_calls_is_read()
    {
        var messages = 0;
        foreach (var file in TestData.Files("corpus/rtp", "*.pcap"))
        {
            foreach (var packet in PcapReader.Read(file))
            {
                if (!StunMessageView.LooksLikeStun(packet.Payload))
                {
                    continue;
                }

                messages++;
                Assert.That(StunMessageView.TryParse(packet.Payload, out var message), Is.True, file);
                Assert.That(message.Method, Is.EqualTo(StunMethod.Binding));
                Assert.That(message.VerifyFingerprint(), Is.True, file);
                Assert.That(message.HasMessageIntegrity, Is.True, file);
                Assert.That(message.GetUnknownRequired(new ushort[4]), Is.Zero, file);
            }
        }

        Assert.That(messages, Is.GreaterThan(20));
    }
}
