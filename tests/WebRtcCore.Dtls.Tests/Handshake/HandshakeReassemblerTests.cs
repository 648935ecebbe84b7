using CsCheck;
using WebRtcCore.Dtls.Handshake;
using WebRtcCore.Dtls.Messages;
using WebRtcCore.Testing;

namespace WebRtcCore.Dtls.Tests.Handshake;

public class HandshakeReassemblerTests
{
    private static readonly byte[] Body = [.. Enumerable.Range(0, 100).Select(i => (byte)i)];

    [Test]
    public void Puts_fragments_together_in_any_order_and_overlap() =>
        Gen.Select(Gen.Int[1, 100], Gen.Int[0, 1000]).Sample((pieces, seed) =>
        {
            var random = new SeededRandomSource(seed);
            var reassembler = new HandshakeReassembler();
            var fragments = new List<(int Start, int Length)>();
            for (var at = 0; at < Body.Length;)
            {
                var length = Math.Min(Body.Length - at, 1 + random.Next(Math.Max(1, 200 / pieces)));
                fragments.Add((at, Math.Min(Body.Length - at, length + random.Next(5))));
                at += length;
            }

            for (var i = fragments.Count - 1; i > 0; i--)
            {
                var other = random.Next(i + 1);
                (fragments[i], fragments[other]) = (fragments[other], fragments[i]);
            }

            foreach (var (start, length) in fragments)
            {
                Add(reassembler, 0, start, Body.AsSpan(start, length), Body.Length);
            }

            // Fragment lists longer than the bound on holes may need a second copy, as from a network.
            foreach (var (start, length) in fragments)
            {
                Add(reassembler, 0, start, Body.AsSpan(start, length), Body.Length);
            }

            return reassembler.TryPeek(out var message) && message!.Body.SequenceEqual(Body);
        });

    [Test]
    public void The_whole_message_has_an_unfragmented_header()
    {
        var reassembler = new HandshakeReassembler();
        Add(reassembler, 0, 60, Body.AsSpan(60), 100);
        Add(reassembler, 0, 0, Body.AsSpan(0, 60), 100);
        Assert.That(reassembler.TryPeek(out var message), Is.True);
        Assert.That(message!.Encoded[..HandshakeHeader.Length], Is.EqualTo(new byte[] { 11, 0, 0, 100, 0, 0, 0, 0, 0, 0, 0, 100 }));
    }

    [Test]
    public void Messages_come_out_in_sequence()
    {
        var reassembler = new HandshakeReassembler();
        Add(reassembler, 1, 0, [1], 1);
        Assert.That(reassembler.TryPeek(out _), Is.False);
        Add(reassembler, 0, 0, [0], 1);
        Assert.That(reassembler.TryPeek(out var first), Is.True);
        reassembler.Advance();
        Assert.That(reassembler.TryPeek(out var second), Is.True);
        Assert.That((first!.Body[0], second!.Body[0]), Is.EqualTo(((byte)0, (byte)1)));
        Assert.That(Add(reassembler, 0, 0, [0], 1), Is.EqualTo(FragmentOutcome.Repeated));
    }

    [Test]
    public void An_empty_message_is_complete_with_one_empty_fragment()
    {
        var reassembler = new HandshakeReassembler();
        Assert.That(Add(reassembler, 0, 0, [], 0), Is.EqualTo(FragmentOutcome.Kept));
        Assert.That(reassembler.TryPeek(out var message), Is.True);
        Assert.That(message!.Body.Length, Is.Zero);
    }

    [Test]
    public void Empty_fragments_of_a_longer_message_are_dropped()
    {
        // security.md row 16: a flood of them neither loops nor allocates a message.
        var reassembler = new HandshakeReassembler();
        for (var i = 0; i < 1000; i++)
        {
            Assert.That(Add(reassembler, 0, i % 100, [], 100), Is.EqualTo(FragmentOutcome.Dropped));
        }

        Assert.That(Add(reassembler, 0, 0, Body, 100), Is.EqualTo(FragmentOutcome.Kept));
        Assert.That(reassembler.TryPeek(out _), Is.True);
    }

    [Test]
    public void Where_fragments_overlap_the_first_wins()
    {
        var reassembler = new HandshakeReassembler();
        Add(reassembler, 0, 10, Body.AsSpan(10, 20), 100);
        Add(reassembler, 0, 0, new byte[40], 100);
        Add(reassembler, 0, 30, Body.AsSpan(30), 100);
        Assert.That(reassembler.TryPeek(out var message), Is.True);
        byte[] expected = [.. new byte[10], .. Body[10..30], .. new byte[10], .. Body[40..]];
        Assert.That(message!.Body.ToArray(), Is.EqualTo(expected));
    }

    [Test]
    public void A_fragment_with_another_length_or_type_is_dropped()
    {
        var reassembler = new HandshakeReassembler();
        Add(reassembler, 0, 0, Body.AsSpan(0, 50), 100);
        Assert.That(Add(reassembler, 0, 50, Body.AsSpan(50), 101), Is.EqualTo(FragmentOutcome.Dropped));
        Add(reassembler, 0, 50, Body.AsSpan(50), 100);
        Assert.That(reassembler.TryPeek(out var message), Is.True);
        Assert.That(message!.Body.ToArray(), Is.EqualTo(Body));

        reassembler = new HandshakeReassembler();
        Add(reassembler, 0, 0, Body.AsSpan(0, 50), 100);
        Assert.That(reassembler.Add(new HandshakeHeader(HandshakeType.Finished, 100, 0, 50, 50), Body.AsSpan(50), 0), Is.EqualTo(FragmentOutcome.Dropped));
    }

    [Test]
    public void A_forged_first_fragment_does_not_block_the_message_for_good()
    {
        var reassembler = new HandshakeReassembler();
        Add(reassembler, 0, 0, [9], 5000);
        for (var repetition = 0; repetition < 2; repetition++)
        {
            Add(reassembler, 0, 0, Body.AsSpan(0, 50), 100);
            Add(reassembler, 0, 50, Body.AsSpan(50), 100);
        }

        Assert.That(reassembler.TryPeek(out var message), Is.True);
        Assert.That(message!.Body.ToArray(), Is.EqualTo(Body));
    }

    [Test]
    public void Look_ahead_message_size_and_bytes_are_bounded()
    {
        // security.md row 16.
        var reassembler = new HandshakeReassembler();
        Assert.That(Add(reassembler, HandshakeReassembler.MaxLookAhead, 0, [1], 1), Is.EqualTo(FragmentOutcome.Dropped));
        Assert.That(Add(reassembler, 0, 0, [1], HandshakeReassembler.MaxMessageLength + 1), Is.EqualTo(FragmentOutcome.Dropped));
        var kept = 0;
        for (ushort sequence = 1; sequence < HandshakeReassembler.MaxLookAhead; sequence++)
        {
            kept += Add(reassembler, sequence, 0, [1], HandshakeReassembler.MaxMessageLength) == FragmentOutcome.Kept ? 1 : 0;
        }

        Assert.That(kept * HandshakeReassembler.MaxMessageLength, Is.EqualTo(HandshakeReassembler.MaxBufferedBytes));
        Assert.That(Add(reassembler, 0, 0, Body, Body.Length), Is.EqualTo(FragmentOutcome.Kept), "the farthest ahead gives way");
        Assert.That(reassembler.TryPeek(out _), Is.True);
    }

    [Test]
    public void What_came_under_the_keys_replaces_what_came_without()
    {
        var reassembler = new HandshakeReassembler();
        reassembler.Add(new HandshakeHeader(HandshakeType.Finished, 12, 0, 0, 12), new byte[12], epoch: 0);
        reassembler.Add(new HandshakeHeader(HandshakeType.Finished, 12, 0, 0, 12), Body.AsSpan(0, 12), epoch: 1);
        Assert.That(reassembler.Add(new HandshakeHeader(HandshakeType.Finished, 12, 0, 0, 12), new byte[12], epoch: 0), Is.EqualTo(FragmentOutcome.Dropped));
        Assert.That(reassembler.TryPeek(out var message), Is.True);
        Assert.That(message!.Epoch, Is.EqualTo(1));
        Assert.That(message.Body.ToArray(), Is.EqualTo(Body[..12]));
    }

    private static FragmentOutcome Add(HandshakeReassembler reassembler, int sequence, int offset, ReadOnlySpan<byte> fragment, int length) =>
        reassembler.Add(new HandshakeHeader(HandshakeType.Certificate, length, (ushort)sequence, offset, fragment.Length), fragment, epoch: 0);
}
