using WebRtcCore.Primitives;
using WebRtcCore.Sctp.Tests.Support;
using WebRtcCore.Testing;

namespace WebRtcCore.Sctp.Tests;

/// <summary>The packet path allocates nothing; a received message costs its <see cref="PooledBuffer"/> object only.</summary>
public class AllocationTests
{
    [Test]
    public void Steady_state_allocates_at_most_the_message_object([Values(100, 1000, 65_536)] int size, [Values] bool isInterleaving)
    {
        var loop = new DirectLoop(new SctpOptions { MessageInterleaving = isInterleaving });
        var message = Bytes.Random(size);
        for (var i = 0; i < 200; i++)
        {
            loop.Transfer(message);
        }

        // One PooledBuffer object of 32 bytes, and nothing per packet: 65,536 bytes are 58 packets and 29 SACKs.
        Assert.That(Allocations.Measure(() => loop.Transfer(message), 500), Is.LessThanOrEqualTo(40));
    }

    /// <summary>Two associations that hand each other their packets at once.</summary>
    private sealed class DirectLoop
    {
        private readonly SctpAssociation _a;
        private readonly SctpAssociation _b;
        private readonly byte[] _packet = new byte[1200];
        private Instant _now = VirtualClock.Start;
        private int _received;

        public DirectLoop(SctpOptions options)
        {
            _a = new SctpAssociation(options, new SeededRandomSource(1));
            _b = new SctpAssociation(options, new SeededRandomSource(2));
            _a.Associate(_now);
            Exchange();
            Assert.That(_b.State, Is.EqualTo(SctpAssociationState.Established));
        }

        public void Transfer(byte[] message)
        {
            _received = 0;
            _a.Send(1, new SctpSendParameters(53), message, _now);
            while (_received == 0)
            {
                Exchange();
            }
        }

        private void Exchange()
        {
            bool isBusy;
            do
            {
                isBusy = Pump(_a, _b) | Pump(_b, _a);
                _now += TimeSpan.FromMicroseconds(50);
                if (!isBusy && _a.NextTimeout is { } next && next > _now && _b.NextTimeout is { } other && Instant.Min(next, other) - _now < TimeSpan.FromMilliseconds(25))
                {
                    _now = Instant.Min(next, other);
                    _a.HandleTimeout(_now);
                    _b.HandleTimeout(_now);
                    isBusy = true;
                }
            }
            while (isBusy);
        }

        private bool Pump(SctpAssociation from, SctpAssociation to)
        {
            var isBusy = false;
            for (var burst = 0; burst < 16 && from.TryPollTransmit(_packet, out var transmit); burst++)
            {
                isBusy = true;
                to.HandleDatagram(_packet.AsSpan(0, transmit.Length), _now);
                while (to.TryPollEvent(out var e))
                {
                    if (e.Message is { } message)
                    {
                        _received++;
                        to.ReleaseReceiveCredit(message.Length, _now);
                        message.Dispose();
                    }
                }
            }

            while (from.TryPollEvent(out _))
            {
            }

            return isBusy;
        }
    }
}
